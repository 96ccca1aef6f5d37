"""How people, times and levels are put into words (措辞)."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy
from django.utils.translation import gettext_lazy as _

COMPOUND_SURNAMES = (
    *("欧阳", "司马", "上官", "诸葛", "夏侯", "皇甫", "尉迟", "公孙"),
    *("慕容", "令狐", "宇文", "长孙", "司徒", "东方", "南宫", "端木"),
)
WEEKDAYS = [_("周一"), _("周二"), _("周三"), _("周四"), _("周五"), _("周六"), _("周日")]


SEXES = {"male": _("男"), "female": _("女"), "other": _("其他"), "unknown": _("性别未知")}


@dataclass(frozen=True)
class Level:
    """One of the four levels of urgency (级别), never shown by its colour alone."""

    number: int
    word: str | Promise
    icon: str


LEVELS = {
    1: Level(1, gettext_lazy("危急"), "octagon"),
    2: Level(2, gettext_lazy("高危"), "warning"),
    3: Level(3, gettext_lazy("关注"), "eye"),
    4: Level(4, gettext_lazy("提示"), "info"),
}


def get_level(value) -> Level:
    """Return the level called 1, "1" or "L1" (级别); any other raises ValueError."""
    text = str(value).upper().removeprefix("L")
    if not text.isdigit() or int(text) not in LEVELS:
        raise ValueError(f"没有级别 {value!r}，只有 L1 到 L4。")
    return LEVELS[int(text)]


def word_sex(sex: str) -> str:
    """Return a sex as the interface says it (性别): male → 男."""
    return str(SEXES.get(sex, SEXES["unknown"]))


def mask_name(name: str) -> str:
    """Return the surname and one star (脱敏姓名): 王芳 → 王*, 欧阳修 → 欧阳*."""
    name = (name or "").strip()
    if not name:
        return ""
    return (name[:2] if name[:2] in COMPOUND_SURNAMES and len(name) > 2 else name[0]) + "*"


def mask_phone(number: str) -> str:
    """Return a number with its middle hidden (脱敏电话): 13812341234 → 138****1234; a landline keeps its last two."""
    digits = (number or "").strip()
    if len(digits) < 7:
        return "*" * len(digits)
    if len(digits) == 11 and digits.startswith("1"):
        return f"{digits[:3]}****{digits[-4:]}"
    return "*" * (len(digits) - 2) + digits[-2:]


def word_age(birth_on: date | None, now: datetime | date | None) -> str:
    """Return an age as a ward says it (年龄): 5天 to 28 days, 3月龄 to two years, then 67岁."""
    if not birth_on or not now:
        return ""
    today = timezone.localtime(now).date() if isinstance(now, datetime) else now
    days = (today - birth_on).days
    if days < 0:
        return ""
    months = (today.year - birth_on.year) * 12 + today.month - birth_on.month - (today.day < birth_on.day)
    if days <= 28:
        return gettext("%(n)s天") % {"n": days}
    if months < 24:
        return gettext("%(n)s月龄") % {"n": max(months, 1)}
    return gettext("%(n)s岁") % {"n": months // 12}


def word_day(value: date | datetime | None) -> str:
    """Return a day with its weekday (日期): 2026-11-21 周六."""
    if not value:
        return ""
    day = timezone.localtime(value).date() if isinstance(value, datetime) else value
    return f"{day:%Y-%m-%d} {WEEKDAYS[day.weekday()]}"


def word_moment(value: datetime | None) -> str:
    """Return a moment in local time (时刻): 2026-11-21 周六 09:30."""
    return f"{word_day(value)} {timezone.localtime(value):%H:%M}" if value else ""


def word_spoken(value: datetime | None) -> str:
    """Return a moment as one says it to a patient (口语时间): 11月24日 周二 09:30."""
    if not value:
        return ""
    local = timezone.localtime(value)
    day = gettext("%(month)s月%(day)s日") % {"month": local.month, "day": local.day}
    return f"{day} {WEEKDAYS[local.weekday()]} {local:%H:%M}"


def word_distance(value: datetime, now: datetime) -> str:
    """Return how far a moment lies from now (相对时间): 8分钟前, 2小时后, 昨天 21:05; the day itself beyond a week."""
    gap = abs(value - now)
    is_past = value <= now
    if gap < timedelta(minutes=1):
        return gettext("刚刚") if is_past else gettext("马上")
    if gap < timedelta(hours=1):
        n = gap // timedelta(minutes=1)
        return (gettext("%(n)s分钟前") if is_past else gettext("%(n)s分钟后")) % {"n": n}
    local, today = timezone.localtime(value), timezone.localtime(now).date()
    days = (local.date() - today).days
    if days == 0:
        n = gap // timedelta(hours=1)
        return (gettext("%(n)s小时前") if is_past else gettext("%(n)s小时后")) % {"n": n}
    if not is_past and local.time() == time():  # the end of a day is that day's, not the next one's
        return gettext("今天之内") if days == 1 else gettext("%(n)s天后") % {"n": days - 1}
    if days in (-1, 1):
        return f"{gettext('昨天') if is_past else gettext('明天')} {local:%H:%M}"
    if abs(days) <= 7:
        return (gettext("%(n)s天前") if is_past else gettext("%(n)s天后")) % {"n": abs(days)}
    return word_day(value)
