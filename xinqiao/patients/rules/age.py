"""Ages as they are said in a hospital (年龄): clinical usage is full years, months and days for the youngest."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")
NEWBORN_DAYS = 28


def local_day(now: datetime) -> date:
    """Give the day it is at the hospital (当地日期)."""
    return now.astimezone(SHANGHAI).date()


def age_in_years(birth_on: date, day: date) -> int:
    """Count full years (周岁)."""
    return day.year - birth_on.year - ((day.month, day.day) < (birth_on.month, birth_on.day))


def age_text(birth_on: date | None, day: date) -> str:
    """Say an age: 72岁; below one year months, below two months days, up to 28 days 新生儿 (年龄)."""
    if birth_on is None or birth_on > day:
        return ""
    if years := age_in_years(birth_on, day):
        return f"{years}岁"
    days = (day - birth_on).days
    if days <= NEWBORN_DAYS:
        return f"新生儿{days}天"
    months = (day.year - birth_on.year) * 12 + day.month - birth_on.month - (day.day < birth_on.day)
    return f"{months}个月" if months >= 2 else f"{days}天"
