"""HL7 v2 times (TS/DTM/DT) with the precision they were sent with (时间与精度)."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo

TIME = re.compile(
    r"(\d{4})(?:[-/.]?(\d{2})(?:[-/.]?(\d{2})(?:[T ]?(\d{2})(?::?(\d{2})(?::?(\d{2})(?:[.,](\d{1,9}))?)?)?)?)?)?"
    r"\s*(Z|[+-]\d{2}:?\d{2})?",
    re.ASCII,
)
PRECISIONS = ("year", "month", "day", "minute", "minute", "second")


@dataclass(frozen=True, slots=True)
class TimeSaid:
    """A time as a source said it: a date up to day precision, an aware datetime beyond."""

    at: date | datetime
    precision: str

    @property
    def day(self) -> date:
        return self.at.date() if isinstance(self.at, datetime) else self.at


def read_time(text: str, zone: tzinfo) -> TimeSaid | None:
    """Read a time; one without offset is in the source's zone. None when it is no time between 1850 and 2200."""
    match = TIME.fullmatch(text.strip())
    if not match:
        return None
    numbers = [int(part) for part in match.groups()[:6] if part is not None]
    if not 1850 <= numbers[0] <= 2200:
        return None
    try:
        return _build(numbers, match[7], match[8], zone)
    except (ValueError, OverflowError):
        return None


def read_instant(text: str, zone: tzinfo) -> datetime | None:
    """Read a time as one instant; a bare date is its midnight in the source's zone."""
    said = read_time(text, zone)
    if said is None:
        return None
    if isinstance(said.at, datetime):
        return said.at
    return datetime(said.at.year, said.at.month, said.at.day, tzinfo=zone)


def _build(numbers: list[int], fraction: str | None, offset: str | None, zone: tzinfo) -> TimeSaid:
    precision = PRECISIONS[len(numbers) - 1]
    if len(numbers) <= 3:
        return TimeSaid(date(*numbers, *[1] * (3 - len(numbers))), precision)
    micro = int((fraction or "0").ljust(6, "0")[:6])
    year, month, day, hour, minute, second = [*numbers, 0, 0][:6]
    at = datetime(year, month, day, hour, minute, second, micro, tzinfo=_offset(offset) or zone)
    return TimeSaid(at, precision)


def _offset(text: str | None) -> timezone | None:
    if not text:
        return None
    if text == "Z":
        return UTC
    hours, minutes = int(text[1:3]), int(text[-2:])
    return timezone((1 if text[0] == "+" else -1) * timedelta(hours=hours, minutes=minutes))
