"""The rail of 患者全景 that never leaves (侧栏): who, warnings, contact, consent, problems, next steps."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from xinqiao.accounts.rules import may
from xinqiao.kit.requests import SeenRequest
from xinqiao.patients.queries import PatientCard
from xinqiao.portals.staff import plans
from xinqiao.portals.ui.wording import word_day, word_sex
from xinqiao.privacy.queries import consents_of
from xinqiao.record.queries import allergies, problems
from xinqiao.worklist.queries import Row, items_of

SEALED = 5
LISTED = 8


def beside(request: SeenRequest, card: PatientCard) -> dict:
    """This function will gather what the rail shows (侧栏内容)."""
    tasks = items_of(card.id, viewer=request.actor, now=request.now)
    asked: dict[str, Any] = {"viewer": request.actor, "now": request.now, "among": card.records}
    works = may(request.actor, "task.work").ok
    phone = next((one for one in card.contacts if one.kind != "email"), None)
    return {
        "patient": {
            "name": card.name,
            "sex": word_sex(card.sex),
            "birth_on": card.birth_on,
            "number": phone.value if phone else "",
            "prefers": _prefers(phone),
            "reveal_url": reverse("staff:number", args=[card.id]) if phone else "",
            "in_task": bool(tasks) and works,
            "record_numbers": [
                {"kind": n.word, "value": n.value} for n in card.identifiers if n.kind == "mrn"
            ],
            "warnings": _warnings(card, [one.display for one in allergies(card.id, **asked)]),
            "told": _("仅家属知情") if card.informed == "family_only" else "",
            "problems": [one.display for one in problems(card.id, **asked)][:LISTED],
            "proxies": [{"name": k.name, "relation": k.relation, "scope": k.masked} for k in card.kin],
            "consents": [_consent(one) for one in consents_of(card.id, **asked)],
        },
        "tasks_of": [_task(row, works) for row in tasks],
        "plans": plans.next_steps(request, card),
    }


def _task(row: Row, works: bool) -> dict:
    url = reverse("staff:call", args=[row.id]) if works else ""
    return {"level": row.level or None, "text": row.title, "due_at": row.due_at, "url": url}


def _prefers(phone) -> str:
    if phone is None:
        return _("没有可用的电话")
    said = {"failing": _("近期打不通"), "wrong": _("号码有误，请核实"), "unverified": _("号码未核实")}
    owner = _("接听人：%(name)s") % {"name": phone.owner_name} if phone.owner_name else ""
    return " · ".join(
        filter(None, [said.get(phone.state, ""), owner, _("首选号码") if phone.preferred else ""])
    )


def _warnings(card: PatientCard, allergic: list[str]) -> list[str]:
    died = [_("已故 %(day)s") % {"day": word_day(card.deceased_at)}] if card.deceased_at else []
    sealed = [_("保密档案")] if card.label >= SEALED else []
    return died + sealed + [_("%(what)s过敏") % {"what": one} for one in allergic] + list(card.warnings)


def _consent(standing) -> dict:
    if standing.granted is None:
        word, kind = (_("可联系"), "good") if standing.verdict.ok else (_("未征求"), "")
    else:
        word, kind = (_("同意"), "good") if standing.granted else (_("已撤回"), "warn")
    return {"purpose": standing.word, "word": word, "kind": kind}
