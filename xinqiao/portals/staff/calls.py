"""The follow-up call (随访电话): one task open, prefilled, three inputs, and what its saving may refuse."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from xinqiao.audit.operations import log_reading
from xinqiao.care.operations import ack_alert, contact_alert
from xinqiao.kit.errors import Conflict, NotFound, Refused
from xinqiao.kit.ids import outside
from xinqiao.kit.requests import SeenRequest
from xinqiao.portals.staff import saving, sheets
from xinqiao.portals.ui.doors import needs
from xinqiao.portals.ui.fields import summary
from xinqiao.portals.ui.frame import draw
from xinqiao.worklist.queries import Row, get_item


@require_safe
@needs("task.work")
def page(request: SeenRequest, item_id: UUID) -> HttpResponse:
    """This function will show one call, alone or beside the list (随访电话)."""
    beside = request.htmx and not request.htmx.history_restore_request
    template = "staff/call.html#panel" if beside else "staff/call.html"
    return draw(request, template, {"task": opened(request, item_id)})


@require_POST
@needs("task.work")
def save(request: SeenRequest, item_id: UUID) -> HttpResponse:
    """This function will record what was done, and go on to the next or stay with the patient (保存)."""
    row, said = _row(request, item_id), sheets.read(request)
    try:
        saving.record(request, row, said)
    except Conflict:
        return _again(request, item_id, said, 409, conflict=saving.conflict(request, item_id, said))
    except NotFound:
        raise
    except Refused as refusal:
        return _again(request, item_id, saving.refused(said, refusal), 422)
    messages.success(request, _("已保存。"), extra_tags=f"call-{outside('item', item_id)}")
    if request.POST.get("then") == "stay":
        return redirect("staff:patient", patient_id=row.patient_id)
    return redirect(_list(request))


@require_POST
@needs("task.work")
def dial(request: SeenRequest, item_id: UUID) -> HttpResponse:
    """This function will log that the number of this task's patient was dialled (拨打电话)."""
    log_reading(request.actor, [_row(request, item_id).patient_id], "dial", now=request.now)
    return HttpResponse(status=204)


@require_POST
@needs("alert.handle")
def acknowledge(request: SeenRequest, item_id: UUID) -> HttpResponse:
    """This function will note who takes an alert up (确认预警)."""
    ack_alert(alert_id=_row(request, item_id).subject_id, by=request.actor, now=request.now)
    messages.success(request, _("已确认，由您处理。"))
    return redirect("staff:call", item_id=item_id)


@require_POST
@needs("alert.handle")
def contact(request: SeenRequest, item_id: UUID) -> HttpResponse:
    """This function will note that the patient of an alert was reached (已联系到患者)."""
    contact_alert(alert_id=_row(request, item_id).subject_id, by=request.actor, now=request.now)
    messages.success(request, _("已记录联系到患者。"))
    return redirect("staff:call", item_id=item_id)


def opened(request: SeenRequest, item_id: UUID, said: sheets.Said | None = None) -> dict:
    """This function will open one task, whose patient and number are then shown whole, and log it (打开待办)."""
    task = sheets.panel(request, item_id, said)
    log_reading(request.actor, [task["patient_id"]], "call", now=request.now)
    return task


def _again(
    request: SeenRequest, item_id: UUID, said: sheets.Said, status: int, **more: object
) -> HttpResponse:
    task = opened(request, item_id, said)
    return draw(
        request, "staff/call.html", {"task": task, "errors": summary(task["fields"])} | more, status=status
    )


def _row(request: SeenRequest, item_id: UUID) -> Row:
    return get_item(item_id, viewer=request.actor, now=request.now).row


def _list(request: SeenRequest) -> str:
    query = f"?{request.GET.urlencode()}" if request.GET else ""
    return reverse("staff:today") + query
