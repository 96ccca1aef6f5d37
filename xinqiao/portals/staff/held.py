"""异常报文: what could not be applied, why, and what a person does about it."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from xinqiao.audit.operations import write_lines
from xinqiao.intake import operations
from xinqiao.intake.queries import Held, counts, held_messages, read_body, source_health
from xinqiao.intake.rules import NoReasonGiven
from xinqiao.kit.errors import NotFound
from xinqiao.kit.requests import SeenRequest
from xinqiao.portals.ui.doors import needs
from xinqiao.portals.ui.fields import Field, summary
from xinqiao.portals.ui.frame import draw

STATES = ("quarantined", "waiting")
LONGEST = 20_000  # characters of a message that are shown


@require_safe
@needs("intake.manage")
def page(request: SeenRequest, message_id: UUID | None = None) -> HttpResponse:
    """This function will list what is stuck, with one message open beside it (异常报文)."""
    if message_id and request.htmx and not request.htmx.history_restore_request:
        return draw(request, "staff/quarantine.html#detail", {"message": _open(request, message_id)})
    return _page(request, _open(request, message_id) if message_id else None)


@require_POST
@needs("intake.manage")
def retry(request: SeenRequest, message_id: UUID) -> HttpResponse:
    """This function will put one message back in the queue (重新处理)."""
    operations.retry(inbox_id=message_id, by=request.actor, now=request.now)
    messages.success(request, _("已重新排队，稍后会自动处理。"))
    return redirect("staff:held")


@require_POST
@needs("intake.manage")
def retry_reason(request: SeenRequest) -> HttpResponse:
    """This function will put all messages stuck for one reason back in the queue (全部重新处理)."""
    reason = request.POST.get("reason", "")
    again = operations.retry_all(reason=reason, by=request.actor, now=request.now)
    messages.success(request, _("已把 %(n)s 条报文重新排队。") % {"n": again})
    return redirect("staff:held")


@require_POST
@needs("intake.manage")
def discard(request: SeenRequest, message_id: UUID) -> HttpResponse:
    """This function will end a message with the reason that a person gives (作废)."""
    why = request.POST.get("why", "")
    try:
        operations.discard(inbox_id=message_id, reason=why, by=request.actor, now=request.now)
    except NoReasonGiven as refused:
        return _page(request, _open(request, message_id, _why(why, [refused.message])), status=422)
    messages.success(request, _("已作废，原文仍会保存。"), extra_tags=f"held-{message_id.hex}")
    return redirect("staff:held")


def _page(request: SeenRequest, message: dict | None, *, status: int = 200) -> HttpResponse:
    asked = request.GET.get("state", "")
    state = asked if asked in STATES else STATES[0]
    reason = request.GET.get("reason", "")
    listed = held_messages(viewer=request.actor, state=state, reason=reason)
    stuck = counts(viewer=request.actor)
    context = {
        "count": sum(n for (one, _code), n in stuck.items() if one in STATES),
        "filters": _chips(stuck, state, reason),
        "messages": [_row(request, held) for _seq, held in listed],
        "message": message,
        "retry_reason": reason if state == STATES[0] else "",
        "errors": summary([message["why"]]) if message else [],
        "sources": source_health(viewer=request.actor, now=request.now),
    }
    return draw(request, "staff/quarantine.html", context, status=status)


def _chips(stuck: dict[tuple[str, str], int], state: str, reason: str) -> list[dict]:
    words = {"quarantined": _("待处理"), "waiting": _("等待患者")}
    chips = [_chip(words[one], stuck, one, "", (state, reason)) for one in STATES]
    codes = sorted(code for one, code in stuck if one == STATES[0] and code)
    return chips + [_chip(code, stuck, STATES[0], code, (state, reason)) for code in codes]


def _chip(label: str, stuck: dict, state: str, code: str, here: tuple[str, str]) -> dict:
    number = sum(n for (one, why), n in stuck.items() if one == state and code in ("", why))
    query = f"?state={state}" + (f"&reason={code}" if code else "")
    return {
        "label": label,
        "count": number,
        "url": reverse("staff:held") + query,
        "is_here": here == (state, code),
    }


def _row(request: SeenRequest, held: Held) -> dict:
    query = f"?{request.GET.urlencode()}" if request.GET else ""
    return {
        "id": held.id,
        "source": held.source,
        "kind": held.kind or _("无法辨认"),
        "arrived_at": held.received_at,
        "reason": held.detail or held.reason,
        "tries": held.attempts,
        "open_url": reverse("staff:message", args=[held.id]) + query,
    }


def _open(request: SeenRequest, message_id: UUID, why: Field | None = None) -> dict:
    raw = read_body(message_id, viewer=request.actor)
    among = [one for state in STATES for _seq, one in held_messages(viewer=request.actor, state=state)]
    held = next((one for one in among if one.id == message_id), None)
    if held is None:
        raise NotFound
    write_lines("read.message", [], {"inbox_id": message_id}, by=request.actor, now=request.now)
    return _row(request, held) | {
        "reason_code": held.reason,
        "todo": held.detail,
        "raw": _readable(raw),
        "retry_url": reverse("staff:retry", args=[message_id]),
        "discard_url": reverse("staff:discard", args=[message_id]),
        "why": why or _why(),
        "draft": f"held-{message_id.hex}",
    }


def _why(given: str = "", errors: list[str] | None = None) -> Field:
    return Field("why", _("作废原因"), given, errors or [], required=True, maxlength=500)


def _readable(raw: bytes) -> str:
    """A message as a person can read it, one segment a line; what cannot be read is shown as a box."""
    for charset in ("utf-8", "gb18030"):
        try:
            return raw.decode(charset).replace("\r", "\n")[:LONGEST]
        except UnicodeDecodeError:
            continue
    return raw.decode("gb18030", "replace").replace("\r", "\n")[:LONGEST]
