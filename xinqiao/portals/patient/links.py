"""A form opened from a text message (短信链接): a proof first, five tries; nothing tells a void link from an unknown one."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from xinqiao.kit.crypto import digest
from xinqiao.kit.requests import SeenRequest
from xinqiao.portals.patient import answering
from xinqiao.portals.patient.framing import draw
from xinqiao.portals.ui.doors import opens_to_all
from xinqiao.portals.ui.fields import Field, summary
from xinqiao.questionnaires.operations import open_invitation
from xinqiao.questionnaires.operations.inviting import LinkOpened
from xinqiao.questionnaires.queries import link_actor
from xinqiao.questionnaires.rules.tokens import CLOSED


@dataclass
class Birth(Field):
    """Year, month and day, each in its own box (出生日期)."""

    year: str = ""
    month: str = ""
    day: str = ""


@opens_to_all
@require_http_methods(["GET", "HEAD", "POST"])
def link(request: SeenRequest, token: str) -> HttpResponse:
    """This function will ask for a proof, then for the answers (短信链接)."""
    held = _find(request, token)
    if request.method != "POST":
        return answering.ask(request, held) if held else _proof_page(request, token)
    return answering.submit(request, held) if held else _prove(request, token)


@opens_to_all
@require_POST
def link_draft(request: SeenRequest, token: str) -> HttpResponse:
    """This function will keep what was answered so far (保存草稿)."""
    return answering.keep_draft(request, _find(request, token))


def _prove(request: SeenRequest, token: str) -> HttpResponse:
    by = link_actor(token, viewer=request.actor)
    opened = open_invitation(token=token, proof=_typed(request), by=by, now=request.now)
    if opened.opens and opened.invitation_id:
        answering.keep(request, _key(token), opened.invitation_id, opened.pass_key)
        return redirect(request.path)
    if opened.needs_code:
        return _code_first(request, opened)
    return (
        answering.shut(request) if opened.message == CLOSED else _proof_page(request, token, opened.message)
    )


def _code_first(request: SeenRequest, opened: LinkOpened) -> HttpResponse:
    """A form on emotions: whoever has the patient's own number finds it after signing in."""
    wanted = urlencode({"next": reverse("patient:form", args=[opened.invitation_id])})
    context = {"step": "code", "form": {"title": _("随访问卷")}, "refused": opened.message}
    context["login_url"] = f"{reverse('patient:login')}?{wanted}"
    return draw(request, "patient/form.html", context)


def _proof_page(request: SeenRequest, token: str, said: str = "") -> HttpResponse:
    typed: dict[str, Any] = {
        part: request.POST.get(f"birth_{part}", "")[:4] for part in ("year", "month", "day")
    }
    birth = Birth("birth", _("患者的出生日期"), errors=[said] if said else [], **typed)
    tail = Field("tail", _("患者身份证号后四位"), maxlength=4)
    context = {
        "step": "who",
        "form": {"title": _("随访问卷"), "action_url": request.path},
        "birth": birth,
        "last_four": tail,
        "errors": summary([birth]),
    }
    return draw(request, "patient/form.html", context, status=422 if said else 200)


def _typed(request: SeenRequest) -> str:
    """The last four of the ID where they were typed, else the birth date; half a date would be taken for four digits."""
    parts = [request.POST.get(f"birth_{part}", "").strip() for part in ("year", "month", "day")]
    return request.POST.get("tail", "").strip() or ("-".join(parts) if all(parts) else "")


def _find(request: SeenRequest, token: str) -> answering.Pass | None:
    if _key(token) not in request.session.get(answering.PASSES, {}):
        return None
    by = link_actor(token, viewer=request.actor)
    return answering.find(request, _key(token), by, reverse("patient:link", args=[token]))


def _key(token: str) -> str:
    return digest(token).hex()[:32]
