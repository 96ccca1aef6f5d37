"""All that is only asked of the record (临床数据查询). Every question begins at whom the viewer may read."""

from xinqiao.record.queries.encounters import EncounterCard, discharges, encounters, get_encounter
from xinqiao.record.queries.lists import (
    ListedFact,
    Problem,
    ReportCard,
    allergies,
    get_report,
    medications,
    problems,
)
from xinqiao.record.queries.timeline import Before, Entry, Page, timeline
from xinqiao.record.queries.values import Latest, Point, latest_values, series

__all__ = [
    "Before",
    "EncounterCard",
    "Entry",
    "Latest",
    "ListedFact",
    "Page",
    "Point",
    "Problem",
    "ReportCard",
    "allergies",
    "discharges",
    "encounters",
    "get_encounter",
    "get_report",
    "latest_values",
    "medications",
    "problems",
    "series",
    "timeline",
]
