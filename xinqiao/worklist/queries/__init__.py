"""All that is only asked of the worklist: today's list, one item, who is on duty (待办查询)."""

from xinqiao.worklist.queries.duty import OnDuty, Told, alerts_to_tell, get_notice, notices_of, on_duty
from xinqiao.worklist.queries.items import (
    NOTE,
    Counts,
    Filters,
    Row,
    Sheet,
    counts,
    get_item,
    is_alert,
    items_of,
    latest_department,
    today,
    workable_items,
    zone_of,
)

__all__ = [
    "NOTE",
    "Counts",
    "Filters",
    "OnDuty",
    "Row",
    "Sheet",
    "Told",
    "alerts_to_tell",
    "counts",
    "get_item",
    "get_notice",
    "is_alert",
    "items_of",
    "latest_department",
    "notices_of",
    "on_duty",
    "today",
    "workable_items",
    "zone_of",
]
