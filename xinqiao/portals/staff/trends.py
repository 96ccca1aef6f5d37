"""Courses of results (指标趋势): the newest values with a small trend, and charts with gaps left open."""

import re
from datetime import timedelta
from typing import Any

from django.utils.translation import gettext as _

from xinqiao.kit.requests import SeenRequest
from xinqiao.patients.queries import PatientCard
from xinqiao.record.queries import Latest, Point, latest_values, series

YEAR, SHOWN, CHARTED = timedelta(days=365), 6, 12
BETWEEN = re.compile(r"^\s*(-?\d+(?:\.\d+)?)\s*(?:-|–|—|~|～|--)\s*(\d+(?:\.\d+)?)\s*$")
BELOW = re.compile(r"^\s*[<≤]=?\s*(\d+(?:\.\d+)?)\s*$")
ABNORMAL = ("H", "HH", "L", "LL", "A", "AA", "高", "低", "异常")


def newest(request: SeenRequest, card: PatientCard) -> list[dict]:
    """This function will give the newest results with their course over the last year (最新指标)."""
    latest, courses = _asked(request, card, SHOWN)
    return [_number(one, courses[one.code]) for one in latest]


def courses(request: SeenRequest, card: PatientCard) -> dict:
    """This function will give a chart of each result that was measured more than once (指标趋势)."""
    latest, found = _asked(request, card, CHARTED)
    return {
        "charts": [
            _chart(i, one, found[one.code]) for i, one in enumerate(latest) if len(found[one.code]) > 1
        ]
    }


def _asked(
    request: SeenRequest, card: PatientCard, shown: int
) -> tuple[list[Latest], dict[str, list[Point]]]:
    asked: dict[str, Any] = {"viewer": request.actor, "now": request.now, "among": card.records}
    known = [one for one in latest_values(card.id, **asked) if one.value is not None]
    latest = sorted(known, key=lambda one: one.at, reverse=True)[:shown]
    return latest, series(card.id, tuple(one.code for one in latest), request.now - YEAR, **asked)


def _number(one: Latest, points: list[Point]) -> dict:
    low, high = limits(one.reference_range)
    return {
        "title": one.display or one.code,
        "value": f"{one.comparator}{plain(one.value)}",
        "unit": one.unit,
        "reference": _("参考 %(range)s") % {"range": one.reference_range} if one.reference_range else "",
        "is_over": one.flag.upper() in ABNORMAL,
        "at": one.at,
        "trend": [float(point.value) for point in points if point.unit == one.unit],
        "low": low,
        "high": high,
    }


def _chart(place: int, one: Latest, points: list[Point]) -> dict:
    rows = [[point.on.isoformat(), float(point.value)] for point in points if point.unit == one.unit]
    low, high = limits(one.reference_range)
    data: dict[str, Any] = {
        "kind": "line",
        "unit": one.unit,
        "series": [{"name": one.display, "points": rows}],
        "columns": [_("日期"), f"{one.display} {one.unit}".strip()],
        "rows": rows,
    }
    if low is not None or high is not None:
        data["band"] = [low, high]
    return {"id": f"course-{place}", "title": one.display or one.code, "data": data}


def limits(reference: str) -> tuple[float | None, float | None]:
    """This function will read a reference range as the laboratory wrote it: 3.9-6.1, <5.0; else nothing (参考范围)."""
    if found := BETWEEN.match(reference):
        return float(found[1]), float(found[2])
    if found := BELOW.match(reference):
        return None, float(found[1])
    return None, None


def plain(value) -> str:
    """This function will write a decimal as it was measured, without an exponent (数值)."""
    return f"{value:f}"
