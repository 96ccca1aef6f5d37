"""Giving oneself or a colleague something to do about a patient, without leaving the page (安排任务)."""

from datetime import datetime, time
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from xinqiao.accounts.rules import may
from xinqiao.directory.queries import get_organisation
from xinqiao.kit.ids import new_id
from xinqiao.kit.requests import SeenRequest
from xinqiao.patients.queries import get_patient
from xinqiao.portals.ui.doors import needs
from xinqiao.portals.ui.fields import Field, options
from xinqiao.worklist.operations import add_item

CALLS = {
    "follow_up_call": gettext_lazy("电话随访"),
    "contact_repair": gettext_lazy("核实联系方式"),
}
DAY_ENDS = time(17, 30)


def composer(request: SeenRequest, patient_id: UUID) -> dict | None:
    """This function will draw the form by which a task is added, for whoever works on tasks (安排任务表单)."""
    if not may(request.actor, "task.work").ok:
        return None
    return {
        "kind": Field("kind", _("做什么"), required=True),
        "kinds": options(CALLS.items(), [next(iter(CALLS))]),
        "due": Field(
            "due", _("哪天之前"), timezone.localdate(request.now).isoformat(), type="date", required=True
        ),
        "send_url": reverse("staff:add_task", args=[patient_id]),
    }


@require_POST
@needs("task.work")
def add_task(request: SeenRequest, patient_id: UUID) -> HttpResponse:
    """This function will put a task about a patient onto the list of one's own department (加入待办)."""
    get_patient(patient_id, viewer=request.actor, now=request.now)
    kind, due_at = request.POST.get("kind", ""), _end_of_day(request, request.POST.get("due", ""))
    if kind not in CALLS or due_at is None or due_at <= request.now:
        messages.error(request, _("没有加入待办：请选择任务，并填写今天或以后的日期。"))
        return redirect("staff:patient", patient_id=patient_id)
    add_item(
        patient_id=patient_id, kind=kind, subject_id=new_id(request.now), title=str(CALLS[kind]), due_at=due_at,
        department_id=next(iter(request.actor.department_ids), None), assignee_id=request.actor.user_id,
        by=request.actor, now=request.now,
    )  # fmt: skip
    messages.success(request, _("已加入待办。"))
    return redirect("staff:patient", patient_id=patient_id)


def _end_of_day(request: SeenRequest, text: str) -> datetime | None:
    zone = ZoneInfo(get_organisation(request.actor.organisation_id).zone)
    try:
        return datetime.combine(datetime.fromisoformat(text).date(), DAY_ENDS, zone)
    except ValueError:
        return None
