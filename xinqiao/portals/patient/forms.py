"""A patient's own form, opened after signing in (我的问卷)."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from xinqiao.kit.ids import outside
from xinqiao.kit.requests import SeenRequest
from xinqiao.portals.patient import answering
from xinqiao.portals.patient.framing import DOOR, draw
from xinqiao.portals.ui.doors import needs
from xinqiao.questionnaires.operations import open_own_invitation


@needs("form.answer", door_of=DOOR)
@require_http_methods(["GET", "HEAD", "POST"])
def own(request: SeenRequest, invitation_id: UUID) -> HttpResponse:
    """This function will open a form that was sent to one of this phone's patients, and take it in (我的问卷)."""
    held = _find(request, invitation_id)
    if request.method == "POST":
        return answering.submit(request, held) if held else redirect(request.path)
    return answering.ask(request, held) if held else _open(request, invitation_id)


@needs("form.answer", door_of=DOOR)
@require_POST
def own_draft(request: SeenRequest, invitation_id: UUID) -> HttpResponse:
    """This function will keep what was answered so far (保存草稿)."""
    return answering.keep_draft(request, _find(request, invitation_id))


def _open(request: SeenRequest, invitation_id: UUID) -> HttpResponse:
    opened = open_own_invitation(invitation_id=invitation_id, by=request.actor, now=request.now)
    if opened.opens and opened.invitation_id:
        answering.keep(request, _key(invitation_id), opened.invitation_id, opened.pass_key)
        return redirect(request.path)
    back = reverse("patient:home")
    if opened.needs_code:
        context = {"step": "ask", "form": {"action_url": back}, "refused": opened.message, "back_url": back}
        return draw(request, "patient/form.html", context, status=403)
    return answering.shut(request, back)


def _find(request: SeenRequest, invitation_id: UUID) -> answering.Pass | None:
    url = reverse("patient:form", args=[invitation_id])
    return answering.find(request, _key(invitation_id), request.actor, url, reverse("patient:home"))


def _key(invitation_id: UUID) -> str:
    return outside("invitation", invitation_id)
