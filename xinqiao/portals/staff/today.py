"""Today (今日): everything to do, the gravest first, the next one open on the right."""

from django.http import HttpResponse
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from xinqiao.audit.operations import log_reading
from xinqiao.kit.requests import SeenRequest
from xinqiao.portals.staff import calls
from xinqiao.portals.ui.doors import needs
from xinqiao.portals.ui.frame import draw
from xinqiao.portals.ui.people import Person, people
from xinqiao.worklist.queries import Counts, Filters, Row, counts, today
from xinqiao.worklist.rules import KINDS

SHOWN = 200  # rows on one page; what stands behind them comes up as these are done


@require_safe
@needs("task.work")
def page(request: SeenRequest) -> HttpResponse:
    """This function will show what is to be done today, with the first one open beside it (今日)."""
    listed, numbers = _listed(request), _numbers(request)
    first = next((row for row in listed if row.patient_name), None)
    task = calls.opened(request, first.id) if first else None
    context = {"day": _day(numbers), "filters": _chips(request, numbers), "task": task} | _polled(request)
    return draw(request, "staff/today.html", context | _rows(request, listed))


@require_safe
@needs("task.work")
def strip(request: SeenRequest) -> HttpResponse:
    """This function will show the numbers above the list, polled every two seconds (今日计数)."""
    return draw(request, "staff/today.html#strip", {"day": _day(_numbers(request))})


@require_safe
@needs("task.work")
def rows(request: SeenRequest) -> HttpResponse:
    """This function will show the rows alone, polled every two seconds; unchanged ones are not sent again (今日列表)."""
    listed, seen = _listed(request), request.GET.get("seen", "")
    who, all_of_it = _marks(request, listed)
    if seen == f"{who}.{all_of_it}":
        return HttpResponse(status=204)
    return draw(
        request, "staff/today.html#rows", _rows(request, listed, is_new=not seen.startswith(f"{who}."))
    )


def wanted(request: SeenRequest) -> Filters:
    """This function will read the filters that stand in the address (筛选)."""
    kind = request.GET.get("kind", "")
    return Filters(
        kinds=(kind,) if kind in KINDS else (), mine="mine" in request.GET, late="late" in request.GET
    )


def _listed(request: SeenRequest) -> list[Row]:
    return today(viewer=request.actor, now=request.now, filters=wanted(request), limit=SHOWN)


def _numbers(request: SeenRequest) -> Counts:
    return counts(viewer=request.actor, now=request.now)


def _day(numbers: Counts) -> dict:
    return {
        "total": numbers.today + numbers.done,
        "done": numbers.done,
        "alerts": numbers.alerts,
        "overdue": numbers.late,
        "waiting": numbers.replies,
    }


def _chips(request: SeenRequest, numbers: Counts) -> list[dict]:
    here, address = request.GET.urlencode(), reverse("staff:today")
    asked = (
        (_("全部"), "", numbers.today),
        (_("预警"), "kind=alert", numbers.alerts),
        (_("逾期"), "late=1", numbers.late),
        (_("随访电话"), "kind=follow_up_call", None),
        (_("待回复"), "kind=reply", numbers.replies),
        (_("我的"), "mine=1", None),
    )
    return [
        {
            "label": label,
            "count": count,
            "url": f"{address}?{query}" if query else address,
            "is_here": query == here,
        }
        for label, query, count in asked
    ]


def _polled(request: SeenRequest) -> dict:
    return {"strip_url": reverse("staff:strip"), "rows_url": reverse("staff:rows") + _query(request)}


def _rows(request: SeenRequest, listed: list[Row], *, is_new: bool = True) -> dict:
    known = people({row.patient_id for row in listed}, viewer=request.actor, now=request.now)
    if is_new:
        log_reading(request.actor, known, "today", now=request.now)
    tasks = [_task(request, row, known.get(row.patient_id)) for row in listed]
    return {"tasks": tasks, "seen": ".".join(_marks(request, listed))}


def _marks(request: SeenRequest, listed: list[Row]) -> tuple[str, str]:
    """Which patients a list shows, and all that it says of them; keyed, so that no page can claim to have seen one."""
    who = sorted(str(row.patient_id) for row in listed)
    told = [(str(row.id), row.version, row.is_late) for row in listed]
    return _mark(request, who), _mark(request, [told, request.now.strftime("%H%M")])


def _mark(request: SeenRequest, told: list) -> str:
    return salted_hmac(f"today:{request.stay.id}", repr(told), algorithm="sha256").hexdigest()[:16]


def _query(request: SeenRequest) -> str:
    """The filters as they go on to the next address."""
    kept = request.GET.copy()
    kept.pop("seen", None)
    return f"?{kept.urlencode()}" if kept else ""


def _task(request: SeenRequest, row: Row, person: Person | None) -> dict:
    return {
        "id": row.id,
        "level": row.level or None,
        "patient": person or Person(row.patient_name or _("无权查看"), "", None),
        "reason": row.title,
        "due_at": row.due_at,
        "is_late": row.is_late,
        "state": row.kind_word,
        "open_url": reverse("staff:call", args=[row.id]) + _query(request),
    }
