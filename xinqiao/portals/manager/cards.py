"""A number as its card shows it (数字卡片): value, numerator and denominator, who is not counted, the trend."""

from django.urls import reverse
from django.utils.translation import gettext as _

from xinqiao.analytics.queries import Measured, measure, trend
from xinqiao.analytics.rules import Metric, Tally
from xinqiao.kit.ids import outside
from xinqiao.kit.requests import SeenRequest
from xinqiao.portals.manager.periods import WEEKS, Period


def card(request: SeenRequest, metric: Metric, period: Period) -> dict:
    """This function will measure one metric and draw its card (指标卡片)."""
    measured = measure(
        metric.code, since=period.since, until=period.until, viewer=request.actor, now=request.now
    )
    weeks = weekly(request, metric.code, period)
    return figures(measured) | {
        "url": f"{reverse('manager:behind', args=[metric.code])}?period={period.name}",
        "trend": [percent(each) for _week, each in weeks],
        "low": None,
        "high": None,
        "measured": measured,
        "weeks": weeks,
    }


def figures(measured: Measured) -> dict:
    """This function will put a measure into words; too few to judge by show no rate (数值与说明)."""
    counted, excluded = measured.tally, sum(measured.excluded.values())
    noun = (
        measured.metric.unit
        if measured.enough
        else _("%(unit)s（不足30，不显示比率）") % {"unit": measured.metric.unit}
    )
    return {
        "title": measured.metric.title,
        "value": f"{percent(counted):.1f}" if measured.enough else None,
        "unit": "%" if measured.enough else "",
        "numerator": counted.numerator,
        "denominator": counted.denominator,
        "noun": noun,
        "excluded_count": excluded,
        "excluded": [{"reason": words, "count": n} for words, n in measured.excluded.items()],
    }


def weekly(request: SeenRequest, code: str, period: Period) -> list[tuple]:
    """This function will count the twelve weeks up to the period's end (按周)."""
    return trend(code, since=period.until - WEEKS, until=period.until, viewer=request.actor, now=request.now)


def chart(one: dict) -> dict:
    """This function will draw the weeks of a card; a week without anybody is a gap (趋势图)."""
    points = [[f"{week:%m-%d}", percent(each)] for week, each in one["weeks"]]
    rows = [[f"{week:%m-%d}", percent(each), each.numerator, each.denominator] for week, each in one["weeks"]]
    data = {
        "kind": "line",
        "axis": "category",
        "unit": "%",
        "series": [{"name": one["title"], "points": points}],
        "columns": [_("周（周一）"), "%", _("分子"), _("分母")],
        "rows": rows,
    }
    title = _("每周%(title)s") % {"title": one["title"]}
    return {"id": f"weeks-{one['measured'].metric.code}", "title": title, "data": data}


def departments(one: dict, period: Period) -> list[dict]:
    """This function will rank the departments, those too small to judge by last (各科室)."""
    address = reverse("manager:behind", args=[one["measured"].metric.code])
    parts = sorted(
        one["measured"].departments, key=lambda part: (not part.tally.enough, -(part.tally.rate or 0))
    )
    return [
        {
            "name": part.name or _("未分科室"),
            "value": f"{percent(part.tally):.1f}" if part.tally.enough else None,
            "numerator": part.tally.numerator,
            "denominator": part.tally.denominator,
            "url": f"{address}?period={period.name}"
            + (f"&department={outside('department', part.department_id)}" if part.department_id else ""),
        }
        for part in parts
    ]


def percent(counted: Tally) -> float | None:
    """This function will give a rate in per cent, none of nothing (百分比)."""
    return None if counted.rate is None else round(counted.rate * 100, 1)
