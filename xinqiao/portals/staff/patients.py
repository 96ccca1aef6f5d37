"""Finding a patient, and the patient whole (查找患者、患者全景)."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from xinqiao.audit.operations import log_reading
from xinqiao.kit.requests import SeenRequest
from xinqiao.patients.queries import Hit, PatientCard, contact_for, get_patient
from xinqiao.patients.queries import search as find_patients
from xinqiao.portals.staff import panels, rail, trends
from xinqiao.portals.staff.composing import composer
from xinqiao.portals.ui.doors import needs
from xinqiao.portals.ui.frame import draw
from xinqiao.portals.ui.wording import word_sex
from xinqiao.worklist.queries import workable_items

SHOWN, PAGES = 25, 8  # found patients at a time, and how often more may be wished for
TABS: dict[str, tuple[Any, Callable]] = {
    "overview": (_("概览"), panels.overview),
    "timeline": (_("就诊时间轴"), panels.history),
    "trends": (_("指标趋势"), trends.courses),
    "plans": (_("随访计划"), panels.plans),
    "medications": (_("用药"), panels.medicines),
    "messages": (_("沟通记录"), panels.conversation),
    "consents": (_("知情同意"), panels.consents),
    "readers": (_("谁看过"), panels.readers),
}
FIRST = 4  # tabs that stand in the row; the others are under 更多


@require_http_methods(["GET", "HEAD", "POST"])
@needs("patient.search")
def search(request: SeenRequest) -> HttpResponse:
    """This function will find patients by the one box; what was typed never stands in an address (查找患者)."""
    text = request.POST.get("q", "").strip()[:64]
    pages = request.POST.get("pages", "")
    limit = SHOWN * (min(max(int(pages), 1), PAGES) if pages.isdecimal() else 1)
    asked: dict[str, Any] = {"viewer": request.actor, "now": request.now, "limit": limit + 1}
    matching = find_patients(text, **asked) if text else []
    found = matching[:limit]
    ours = _in_our_care(request, found)
    log_reading(request.actor, [hit.patient_id for hit in found], "search", now=request.now)
    context = {
        "query": text,
        "count": len(found),
        "found": [_row(hit, ours) for hit in found],
        "is_cut": len(matching) > limit,
        "next_pages": limit // SHOWN + 1 if limit < SHOWN * PAGES else 0,
    }
    return draw(request, "staff/search.html", context)


@require_safe
@needs("patient.read")
def page(request: SeenRequest, patient_id: UUID, tab: str = "overview") -> HttpResponse:
    """This function will show one patient: the rail that never leaves, and one tab (患者全景)."""
    if tab not in TABS:
        raise Http404
    card = get_patient(patient_id, viewer=request.actor, now=request.now)
    context = rail.beside(request, card) | TABS[tab][1](request, card)
    log_reading(request.actor, [patient_id], f"patient.{tab}", now=request.now)
    return draw(
        request,
        "staff/patient.html",
        context | {"tab": tab, "composer": composer(request, card.id)} | _tabs(card, tab),
    )


@require_safe
@needs("patient.read")
def number(request: SeenRequest, patient_id: UUID) -> HttpResponse:
    """This function will show the whole telephone number of a patient, which is logged (显示完整号码)."""
    get_patient(patient_id, viewer=request.actor, now=request.now)
    reach = contact_for(patient_id, "phone", viewer=request.actor, now=request.now)
    log_reading(request.actor, [patient_id], "patient.number", now=request.now)
    return draw(request, "ui/parts.html#phone", {"number": reach.value if reach else "", "in_task": True})


def _in_our_care(request: SeenRequest, found: list[Hit]) -> set[UUID]:
    """Those for whom the viewer has something to do: their names are shown whole."""
    if "task.work" not in panels.rights(request) or not found:
        return set()
    ids = [hit.patient_id for hit in found]
    mine = workable_items(viewer=request.actor).filter(patient_id__in=ids, state="open")
    return set(mine.values_list("patient_id", flat=True))


def _row(hit: Hit, ours: set[UUID]) -> dict:
    return {
        "name": hit.name,
        "sex": word_sex(hit.sex),
        "birth_on": hit.birth_on,
        "number": hit.phone,
        "record_number": hit.mrn,
        "identity": hit.identity,
        "is_dead": hit.deceased_at is not None,
        "url": reverse("staff:patient", args=[hit.patient_id]),
        "is_mine": hit.patient_id in ours,
    }


def _tabs(card: PatientCard, tab: str) -> dict:
    entries = [
        {
            "label": label,
            "url": reverse("staff:tab", args=[card.id, name]),
            "is_here": name == tab,
        }
        for name, (label, _draw) in TABS.items()
    ]
    return {"tabs": entries[:FIRST], "more": entries[FIRST:]}
