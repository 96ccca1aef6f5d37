"""Filling in a form on the phone (填写问卷): the same whether one came by a link or has signed in.

Whoever has proved himself holds a pass, kept in the browser's session; an answer given before is never shown again.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _

from xinqiao.kit.actor import Actor
from xinqiao.kit.errors import Refused
from xinqiao.kit.requests import SeenRequest
from xinqiao.kit.rls import seen_by
from xinqiao.portals.patient.framing import draw
from xinqiao.portals.ui import asking
from xinqiao.portals.ui.fields import Field, options, summary
from xinqiao.questionnaires.operations import save_draft, submit_response
from xinqiao.questionnaires.operations.answering import AlreadySubmitted, MayNotAnswer, Saved
from xinqiao.questionnaires.queries import LinkSheet, link_sheet
from xinqiao.questionnaires.rules.forms import WHO, Item
from xinqiao.questionnaires.rules.tokens import LinkClosed

PASSES, RELOAD = "passes", "HX-Refresh"


@dataclass(frozen=True)
class Pass:
    """The right to fill in one form (填写凭据)."""

    by: Actor
    invitation_id: UUID
    pass_key: str
    key: str
    url: str
    back_url: str = ""

    @property
    def given(self) -> dict:
        return {"invitation_id": self.invitation_id, "pass_key": self.pass_key, "by": self.by}


def keep(request: SeenRequest, key: str, invitation_id: UUID, pass_key: str) -> None:
    """This function will keep a pass in the browser's session (保存凭据)."""
    request.session[PASSES] = request.session.get(PASSES, {}) | {key: [str(invitation_id), pass_key]}


def find(request: SeenRequest, key: str, by: Actor, url: str, back_url: str = "") -> Pass | None:
    """This function will find the pass this browser was given, if any (查凭据)."""
    held = request.session.get(PASSES, {}).get(key)
    return Pass(by, UUID(held[0]), held[1], key, url, back_url) if held else None


def ask(request: SeenRequest, held: Pass) -> HttpResponse:
    """This function will show the questions that are still open (答题页)."""
    try:
        sheet = _sheet(request, held, _who(request))
    except LinkClosed:
        return closed(request, held)
    return done(request, held, sheet) if sheet.is_done else _page(request, held, sheet, {}, {})


def submit(request: SeenRequest, held: Pass) -> HttpResponse:
    """This function will complete the form, or show what is missing (提交)."""
    who, answers = _who(request), _answers(request)
    try:
        if who:
            saved = submit_response(answers=answers, who=who, now=request.now, **held.given)
        else:
            saved = save_draft(answers=answers, now=request.now, **held.given)
    except LinkClosed:
        return closed(request, held)
    except (AlreadySubmitted, MayNotAnswer) as refusal:
        return _refused(request, held, refusal)
    sheet = _sheet(request, held, who)
    if saved.state == "completed":
        return done(request, held, sheet, saved.advice)
    return _page(request, held, sheet, answers, saved.errors, saved.advice, status=422)


def keep_draft(request: SeenRequest, held: Pass | None) -> HttpResponse:
    """This function will keep what was answered so far, and say at once what is dangerous (保存草稿)."""
    try:
        if held is None:
            raise LinkClosed
        who = _who(request)
        saved = save_draft(answers=_answers(request), who=who or "self", now=request.now, **held.given)
        sheet = _sheet(request, held, who)
    except (LinkClosed, AlreadySubmitted):
        return HttpResponse(status=204, headers={RELOAD: "true"})
    except MayNotAnswer as refusal:
        return draw(request, "patient/form.html#saved", {"advice": [refusal.message]})
    return draw(request, "patient/form.html#saved", _changes(request, saved, sheet))


def done(request: SeenRequest, held: Pass, sheet: LinkSheet, advice: tuple[str, ...] = ()) -> HttpResponse:
    """This function will thank whoever has answered, and repeat what he must do now (感谢页)."""
    thanks = _("谢谢您，随访护士会看到您的回答。")
    return draw(
        request,
        "patient/form.html",
        _told(held, sheet) | {"step": "done", "thanks": thanks, "advice": advice},
    )


def closed(request: SeenRequest, held: Pass) -> HttpResponse:
    """This function will say that a form cannot be filled in any more (链接失效)."""
    request.session[PASSES] = {k: v for k, v in request.session.get(PASSES, {}).items() if k != held.key}
    return shut(request, held.back_url)


def shut(request: SeenRequest, back_url: str = "") -> HttpResponse:
    """This function will answer alike for a link that is void, expired or was never given out (链接失效页)."""
    context = {"step": "void", "form": {"title": _("随访问卷")}, "back_url": back_url}
    return draw(request, "patient/form.html", context, status=410)


def _page(
    request, held: Pass, sheet: LinkSheet, answers, errors, advice=(), *, status: int = 200
) -> HttpResponse:
    questions = [
        asking.draw(one, answers.get(one.code) if one.code in errors else None, errors.get(one.code, ""))
        for one in sheet.items
    ]
    answerer = _answerer(request, sheet)
    wrong = [one["field"] for one in questions] + [answerer]
    context = _told(held, sheet) | {
        "step": "ask",
        "questions": questions,
        "answered": sheet.answered,
        "answered_by": answerer,
        "answerers": options([(who, _(WHO[who])) for who in sheet.who], [_who(request)]),
        "advice": advice,
        "errors": summary(wrong),
    }
    return draw(request, "patient/form.html", context, status=status)


def _answerer(request: SeenRequest, sheet: LinkSheet) -> Field:
    missing = request.method == "POST" and not _who(request)
    return Field("who", _("这份问卷是谁填的？"), errors=[_("请选一项。")] if missing else [], required=True)


def _told(held: Pass, sheet: LinkSheet) -> dict:
    form = {
        "title": sheet.title,
        "minutes": sheet.minutes,
        "draft": held.key,
        "action_url": held.url,
        "draft_url": f"{held.url}/draft",
    }
    return {"form": form, "back_url": held.back_url}


def _changes(request: SeenRequest, saved: Saved, sheet: LinkSheet) -> dict:
    """What an answer changes on the page: questions that show now, and those that no longer do."""
    on_page, given = request.POST.getlist("shown"), asking.read(request.POST)
    open_now = [item.code for item in sheet.items]
    return {
        "advice": saved.advice,
        "doubts": [
            *saved.warnings.values(),
            *(said for code, said in saved.errors.items() if given.get(code)),
        ],
        "added": _added(sheet, on_page),
        "removed": [code for code in on_page if code not in open_now and not given.get(code)],
    }


def _added(sheet: LinkSheet, on_page: list[str]) -> list[dict]:
    """New questions, last first, so that those with one place come out in the form's order."""
    fresh = [item for item in sheet.items if item.code not in on_page]
    return [{"question": asking.draw(item), "after": _after(item, on_page)} for item in reversed(fresh)]


def _after(item: Item, on_page: list[str]) -> str:
    """The question on the page that made this one show, else the last."""
    causes = _facts(item.show_if)
    return next((code for code in reversed(on_page) if code in causes), on_page[-1] if on_page else "who")


def _facts(condition: object) -> set[str]:
    if isinstance(condition, list):
        return set().union(*map(_facts, condition))
    if not isinstance(condition, Mapping):
        return set()
    named = {condition["fact"]} if "fact" in condition else set()
    return named.union(*(_facts(part) for part in condition.values()))


def _refused(request: SeenRequest, held: Pass, refusal: Refused) -> HttpResponse:
    sheet = _sheet(request, held, "self")
    if sheet.is_done:
        return done(request, held, sheet)
    context = _told(held, sheet) | {"step": "ask", "refused": refusal.message}
    return draw(request, "patient/form.html", context, status=409)


def _sheet(request: SeenRequest, held: Pass, who: str) -> LinkSheet:
    with seen_by(held.by, request.now):
        return link_sheet(
            held.invitation_id, held.pass_key, viewer=held.by, now=request.now, who=who or "self"
        )


def _who(request: SeenRequest) -> str:
    who = request.POST.get("who", "")
    return who if who in WHO else ""


def _answers(request: SeenRequest) -> dict[str, object]:
    """What is on the page and left empty is taken back; what is not on the page is left alone."""
    return dict.fromkeys(request.POST.getlist("shown")) | asking.read(request.POST)
