"""What the call page shows of one task (通话页内容): who, why, what to say, what to ask; one way per kind of task."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xinqiao.accounts.rules import may
from xinqiao.care.queries import AlertCard, CallSheet, call_sheet, get_alert
from xinqiao.care.rules.alerts import DISPOSITIONS
from xinqiao.kit.errors import NotFound
from xinqiao.kit.ids import outside
from xinqiao.kit.requests import SeenRequest
from xinqiao.patients.queries import PatientCard, Reach, contact_for, get_patient
from xinqiao.portals.ui import asking
from xinqiao.portals.ui.fields import Field, options
from xinqiao.portals.ui.wording import word_moment, word_sex
from xinqiao.questionnaires.queries import get_response
from xinqiao.questionnaires.rules.answers import Asked, check_answers, visible_items
from xinqiao.record.queries import allergies, problems
from xinqiao.worklist.queries import Row, Sheet, get_item
from xinqiao.worklist.rules import OUTCOMES

CALL, ALERT, DEATH = "follow_up_call", "alert", "confirm_death"
PROBLEMS = 4
SPEAKERS = (("self", gettext_lazy("本人")), ("family", gettext_lazy("家属")))


@dataclass
class Said:
    """What was typed into the form (填写内容), and what is wrong with it."""

    outcome: str = ""
    note: str = ""
    at: str = ""
    disposition: str = ""
    who: str = ""
    version: int | None = None
    answers: dict[str, object] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)


def read(request: SeenRequest) -> Said:
    """This function will read what was typed (读取表单)."""
    post = request.POST
    return Said(
        outcome=post.get("outcome", ""),
        note=post.get("note", "").strip()[:2000],
        at=post.get("at", ""),
        disposition=post.get("disposition", ""),
        who="family" if post.get("who") == "family" else "self",
        version=int(post["version"]) if post.get("version", "").isdecimal() else None,
        answers=asking.read(post),
    )


def panel(request: SeenRequest, item_id: UUID, said: Said | None = None) -> dict:
    """This function will gather one task as staff/call.html shows it (通话页)."""
    asked: dict[str, Any] = {"viewer": request.actor, "now": request.now}
    sheet = get_item(item_id, **asked)
    call = find_call(request, sheet.row)
    card = call.patient if call else get_patient(sheet.row.patient_id, **asked)
    phone = call.phone if call else contact_for(card.id, "phone", **asked)
    task = _task(request, sheet) | {"patient_id": card.id, "patient": _patient(request, card, phone)}
    task |= {"script": {"opening": call.opening if call else "", "after": _("先确认身份，再谈病情。")}}
    return task | _form(request, sheet.row, call, said or Said())


def find_call(request: SeenRequest, row: Row) -> CallSheet | None:
    """This function will find the sheet of a call that a plan asked for; other calls have none (话务单)."""
    if row.kind != CALL or row.state != "open":
        return None
    try:
        return call_sheet(row.id, viewer=request.actor, now=request.now)
    except NotFound:
        return None


def _form(request: SeenRequest, row: Row, call: CallSheet | None, said: Said) -> dict:
    """The few fields of a task, with what was typed and what is wrong with it."""
    is_alert = row.kind == ALERT
    shown = _alert(request, row) if is_alert else _questions(call, said) if call else {}
    fixed = {
        "outcome": _field(said, "outcome", _("通话结果")),
        "call_at": _field(
            said, "at", _("去世日期") if row.kind == DEATH else _("约定时间"), said.at, type=_when(row)
        ),
        "note": _field(said, "note", _("备注"), said.note),
        "dispositions": _field(said, "disposition", _("处置结论"), required=True),
    }
    asked = [each["field"] for each in shown.get("questions", [])]
    return {
        "version": row.version,
        "is_alert": is_alert,
        "can_save": row.state == "open",
        "outcomes": options(_outcomes(row), [said.outcome]),
        "at_when": "deceased" if row.kind == DEATH else "call_later",
        "disposition_options": options([(code, one.word) for code, one in DISPOSITIONS.items()], [said.disposition]),
        "asks_disposition": bool(said.disposition) or "disposition" in said.errors,
        "fields": [*fixed.values(), *asked],
    } | fixed | shown  # fmt: skip


def _questions(call: CallSheet, said: Said) -> dict:
    """The questions of the step; none to a patient who has answered by himself and is only talked with."""
    who = said.who or ("self" if call.phone is None or call.phone.owner == "self" else "family")
    speaker = {
        "speaker": _field(said, "who", _("谁在说")),
        "speakers": options(SPEAKERS, [who]),
    }
    if call.is_answered:
        return speaker | {"questions": []}
    answers = call.filled.answers | said.answers
    asked = Asked(who)
    shown = visible_items(call.form, check_answers(call.form, answers, asked).answers, asked)
    drawn = [asking.draw(one, answers.get(one.code), said.errors.get(one.code, "")) for one in shown]
    return speaker | {"questions": drawn}


def _alert(request: SeenRequest, row: Row) -> dict:
    """Where an alert stands, what may be done about it now, and the answers that raised it."""
    asked: dict[str, Any] = {"viewer": request.actor, "now": request.now}
    alert = get_alert(row.subject_id, **asked)
    words = {"acknowledge": _("确认，由我处理"), "contact": _("已联系到患者")}
    steps = [
        {"label": words[move], "url": reverse(f"staff:{move}", args=[row.id])}
        for move in alert.moves
        if move in words
    ]
    return {
        "version": alert.version,
        "steps": steps,
        "can_save": "resolve" in alert.moves,
        "told": _told(request, alert),
        "alert_word": alert.word,
    }


def _told(request: SeenRequest, alert: AlertCard) -> list[dict]:
    """The answers that raised an alert; one that a short reply raised, or whose answers were erased, has none."""
    try:
        answered = get_response(alert.evidence[-1], viewer=request.actor, now=request.now)
    except (IndexError, NotFound):
        return []
    return [{"text": one.text, "words": one.words} for one in answered.answers]


def _outcomes(row: Row) -> list[tuple[str, str]]:
    if row.kind == DEATH:
        return [("deceased", _("确认去世")), ("alive", _("没有去世"))]
    return [(code, each.word) for code, each in OUTCOMES.items()]


def _when(row: Row) -> str:
    return "date" if row.kind == DEATH else "datetime-local"


def _field(said: Said, name: str, label: str, value: str = "", **more) -> Field:
    return Field(name, label, value, [said.errors[name]] if name in said.errors else [], **more)


def _task(request: SeenRequest, sheet: Sheet) -> dict:
    row, query = sheet.row, f"?{request.GET.urlencode()}" if request.GET else ""
    return {
        "id": outside("item", row.id),
        "row_id": row.id,
        "level": row.level or None,
        "kind": row.kind_word,
        "due_at": row.due_at,
        "is_late": row.is_late,
        "attempts": row.attempts,
        "why": [row.title, *(_try(one) for one in sheet.tries)],
        "draft": f"call-{outside('item', row.id)}",
        "save_url": reverse("staff:save", args=[row.id]) + query,
        "dial_url": reverse("staff:dial", args=[row.id]),
    }


def _try(one) -> str:
    said = f"{word_moment(one.at)} {one.by} {one.word}"
    return f"{said}：{one.note}" if one.note else said


def _patient(request: SeenRequest, card: PatientCard, phone: Reach | None) -> dict:
    asked: dict[str, Any] = {"viewer": request.actor, "now": request.now}
    told = [_("仅家属知情")] if card.informed == "family_only" else []
    allergic = [_("%(what)s过敏") % {"what": one.display} for one in allergies(card.id, **asked)]
    return {
        "name": card.name,
        "sex": word_sex(card.sex),
        "birth_on": card.birth_on,
        "number": phone.value if phone else "",
        "relation": phone.owner_name if phone and phone.owner != "self" else "",
        "url": reverse("staff:patient", args=[card.id]) if may(request.actor, "patient.read").ok else "",
        "warnings": told + allergic + list(card.warnings),
        "problems": [one.display for one in problems(card.id, **asked)][:PROBLEMS],
    }
