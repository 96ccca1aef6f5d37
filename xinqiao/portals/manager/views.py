"""The manager's pages (管理页): few numbers, each with the list behind it, and that list as a file."""

import csv
import io
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from xinqiao.accounts.rules import may
from xinqiao.analytics.queries import Behind, list_behind, measure, metrics
from xinqiao.analytics.rules import COUNTED, NOT_DONE
from xinqiao.audit.operations import log_reading
from xinqiao.kit.errors import NotFound
from xinqiao.kit.ids import inside, outside
from xinqiao.kit.requests import SeenRequest
from xinqiao.portals.manager import cards as drawn
from xinqiao.portals.manager.periods import Period, asked, chips
from xinqiao.portals.ui.doors import needs
from xinqiao.portals.ui.frame import draw
from xinqiao.portals.ui.people import Person, people
from xinqiao.portals.ui.wording import word_moment

SHOWN, AT_ONCE = 100, 1000
MAIN = "follow_up_completion"
FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


@require_safe
@needs("metrics.read")
def overview(request: SeenRequest) -> HttpResponse:
    """This function will show the numbers, their weeks and the departments (随访质量)."""
    period = asked(request)
    made = _cards(request, period)
    main = made[0]
    address = reverse("manager:overview")
    context = {
        "period": period.text,
        "periods": chips(period, address),
        "cards": made,
        "cards_url": f"{reverse('manager:cards')}?period={period.name}",
        "charts": [drawn.chart(main)],
        "departments": drawn.departments(main, period),
        "definition": {
            "title": _("这些数怎么算"),
            "lines": [_formula(card["measured"].metric) for card in made],
        },
    }
    return draw(request, "manager/overview.html", context)


@require_safe
@needs("metrics.read")
def cards(request: SeenRequest) -> HttpResponse:
    """This function will show the cards alone, polled (数字卡片)."""
    return draw(request, "manager/overview.html#cards", {"cards": _cards(request, asked(request))})


@require_safe
@needs("metrics.read")
def behind(request: SeenRequest, metric: str) -> HttpResponse:
    """This function will list who is behind a number: the same ids (指标名单)."""
    period, place, verdict = asked(request), _department(request), request.GET.get("verdict", "")
    wanted: dict[str, Any] = {"since": period.since, "until": period.until, "department_id": place}
    measured = measure(metric, **wanted, viewer=request.actor, now=request.now)
    chosen = _verdicts(measured)
    if verdict not in chosen:
        verdict = ""
    after = inside("row", request.GET.get("after", ""))
    listed = list_behind(
        metric, **wanted, verdict=verdict, after=after, limit=SHOWN, viewer=request.actor, now=request.now
    )
    known = people({row.patient_id for row in listed}, viewer=request.actor, now=request.now)
    log_reading(request.actor, known, f"behind.{metric}", now=request.now)
    kept = {key: request.GET[key] for key in ("period", "department") if request.GET.get(key)}
    context = {
        "metric": drawn.figures(measured),
        "back_url": f"{reverse('manager:overview')}?period={period.name}",
        "filters": _chips(request, metric, chosen, kept, verdict),
        "export_url": f"{reverse('manager:export', args=[metric])}?{urlencode(kept | {'verdict': verdict})}",
        "count": chosen[verdict][1],
        "rows": [_row(request, row, known.get(row.patient_id)) for row in listed],
        "pages": _pages(listed, kept | {"verdict": verdict}),
    }
    return draw(request, "manager/behind.html", context)


@require_POST
@needs("metrics.read")
def export(request: SeenRequest, metric: str) -> HttpResponse:
    """This function will give the whole list behind a number as a CSV file, and log whom it names (导出名单)."""
    rows = list(_all_rows(request, metric))
    log_reading(request.actor, {row.patient_id for row in rows}, f"export.{metric}", now=request.now)
    text = io.StringIO()
    told = csv.writer(text)
    told.writerow([_("编号"), _("姓名"), _("科室"), _("时间"), _("结果")])
    for row in rows:
        cells = (outside("row", row.id), row.patient_name, row.department, word_moment(row.at), row.word)
        told.writerow([safe_cell(cell) for cell in cells])
    response = HttpResponse("\ufeff" + text.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{metric}.csv"'
    return response


def safe_cell(text: str) -> str:
    """This function will keep a spreadsheet from taking a cell for a formula (防公式注入)."""
    return f"'{text}" if text.startswith(FORMULA) else text


def _cards(request: SeenRequest, period: Period) -> list[dict]:
    """Every metric's card, the one that the page is about first."""
    listed = sorted(metrics(viewer=request.actor), key=lambda metric: metric.code != MAIN)
    return [drawn.card(request, metric, period) for metric in listed]


def _formula(metric) -> str:
    return f"{metric.title}：{metric.formula}。{_('来源')}：{metric.source} {metric.mark}"


def _all_rows(request: SeenRequest, metric: str) -> Iterator[Behind]:
    period, after = asked(request), None
    while True:
        page = list_behind(
            metric, since=period.since, until=period.until, department_id=_department(request), after=after,
            verdict=request.GET.get("verdict", ""), limit=AT_ONCE, viewer=request.actor, now=request.now,
        )  # fmt: skip
        yield from page
        if len(page) < AT_ONCE:
            return
        after = page[-1].id


def _department(request: SeenRequest) -> UUID | None:
    word = request.GET.get("department", "")
    found = inside("department", word) if word else None
    if word and found is None:
        raise NotFound
    return found


def _verdicts(measured) -> dict[str, tuple[str, int]]:
    """What the list may be narrowed to: its word, and how many stand behind it."""
    counted, left_out = measured.tally, measured.tally.excluded
    done = {
        "": (_("全部计入"), counted.denominator),
        COUNTED: (_("已完成"), counted.numerator),
        NOT_DONE: (_("未完成"), counted.denominator - counted.numerator),
    }
    return done | {
        key: (_("未计入：%(why)s") % {"why": words}, left_out[key])
        for key, words in measured.metric.exclusions.items()
        if key in left_out
    }


def _chips(request: SeenRequest, metric: str, chosen: dict, kept: dict, here: str) -> list[dict]:
    address = reverse("manager:behind", args=[metric])
    return [
        {
            "label": word,
            "count": n,
            "url": f"{address}?{urlencode(kept | ({'verdict': key} if key else {}))}",
            "is_here": key == here,
        }
        for key, (word, n) in chosen.items()
    ]


def _row(request: SeenRequest, row: Behind, person: Person | None) -> dict:
    can_open = person is not None and may(request.actor, "patient.read").ok
    return {
        "name": row.patient_name or _("无权查看"),
        "sex": person.sex if person else "",
        "birth_on": person.birth_on if person else None,
        "department": row.department,
        "due_at": row.at,
        "state": row.word,
        "state_kind": {COUNTED: "good", NOT_DONE: "warn"}.get(row.verdict, ""),
        "url": reverse("staff:patient", args=[row.patient_id]) if can_open else "",
    }


def _pages(listed: list[Behind], kept: dict) -> list[dict]:
    if len(listed) < SHOWN:
        return []
    query = urlencode(kept | {"after": outside("row", listed[-1].id)})
    return [{"label": _("下一页"), "url": f"?{query}", "is_here": False}]
