"""The periods that numbers are asked for (统计时段): half-open, by the organisation's own calendar."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _

from xinqiao.directory.queries import get_organisation
from xinqiao.kit.requests import SeenRequest

WORDS = {"week": _("本周"), "month": _("本月"), "quarter": _("本季度")}
USUAL, WEEKS = "month", timedelta(weeks=12)


@dataclass(frozen=True, slots=True)
class Period:
    """From a day's beginning until the end of today (时段)."""

    name: str
    since: datetime
    until: datetime

    @property
    def text(self) -> str:
        return f"{self.since:%Y-%m-%d} – {self.until - timedelta(days=1):%Y-%m-%d}"


def asked(request: SeenRequest) -> Period:
    """This function will read the period that stands in the address, else this month (所选时段)."""
    asked = request.GET.get("period", "")
    name = asked if asked in WORDS else USUAL
    zone = ZoneInfo(get_organisation(request.actor.organisation_id).zone)
    today = request.now.astimezone(zone).date()
    ends = datetime.combine(today + timedelta(days=1), time(), zone)
    return Period(name, datetime.combine(_first_day(name, today), time(), zone), ends)


def chips(here: Period, address: str) -> list[dict]:
    """This function will give the periods to choose from (时段筛选)."""
    return [
        {"label": word, "url": f"{address}?period={name}", "is_here": name == here.name}
        for name, word in WORDS.items()
    ]


def _first_day(name: str, today: date) -> date:
    if name == "week":
        return today - timedelta(days=today.weekday())
    return today.replace(day=1, month=today.month if name == "month" else today.month - (today.month - 1) % 3)
