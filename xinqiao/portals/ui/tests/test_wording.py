"""People, times and levels are worded as a ward says them (措辞)."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import override_settings
from django.utils import timezone

from xinqiao.portals.ui import wording

NOW = datetime(2026, 11, 21, 1, 30, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _shanghai():
    with override_settings(USE_TZ=True, TIME_ZONE="Asia/Shanghai", LANGUAGE_CODE="zh-hans"):
        yield


@pytest.mark.parametrize(
    "name, masked", [("王芳", "王*"), ("欧阳修", "欧阳*"), ("欧阳", "欧*"), ("", ""), (None, "")]
)
def test_a_name_keeps_its_surname_only(name, masked):
    assert wording.mask_name(name) == masked


@pytest.mark.parametrize("number, masked", [("13812341234", "138****1234"), ("05710000212", "*********12"), ("120", "***"), ("", "")])  # fmt: skip
def test_a_number_hides_its_middle(number, masked):
    assert wording.mask_phone(number) == masked


@pytest.mark.parametrize(
    "born, said",
    [
        (date(1959, 11, 21), "67岁"),
        (date(1959, 11, 22), "66岁"),
        (date(2026, 8, 21), "3月龄"),
        (date(2026, 8, 22), "2月龄"),
        (date(2026, 11, 16), "5天"),
        (date(2026, 10, 24), "28天"),
        (date(2026, 10, 23), "1月龄"),
        (date(2024, 11, 21), "2岁"),
        (date(2027, 1, 1), ""),
        (None, ""),
    ],
)
def test_an_age_is_days_then_months_then_years(born, said):
    assert wording.word_age(born, NOW) == said


def test_a_moment_is_told_in_local_time_with_its_weekday():
    assert wording.word_moment(NOW) == "2026-11-21 周六 09:30"
    assert wording.word_day(datetime(2026, 11, 21, 16, 0, tzinfo=UTC)) == "2026-11-22 周日"
    assert wording.word_spoken(NOW) == "11月21日 周六 09:30"


@pytest.mark.parametrize(
    "gap, said",
    [
        (timedelta(seconds=-20), "刚刚"),
        (timedelta(minutes=-8), "8分钟前"),
        (timedelta(hours=-2), "2小时前"),
        (timedelta(hours=-10), "昨天 23:30"),
        (timedelta(hours=3), "3小时后"),
        (timedelta(days=1), "明天 09:30"),
        (timedelta(days=-2), "2天前"),
        (timedelta(days=-30), "2026-10-22 周四"),
    ],
)
def test_a_distance_is_short_near_and_exact_far_away(gap, said):
    assert wording.word_distance(NOW + gap, NOW) == said


def test_the_end_of_a_day_is_that_days_and_not_the_next_ones():
    midnight = timezone.localtime(NOW).replace(hour=0, minute=0, second=0, microsecond=0)
    assert wording.word_distance(midnight + timedelta(days=1), NOW) == "今天之内"
    assert wording.word_distance(midnight + timedelta(days=3), NOW) == "2天后"


def test_every_level_has_its_own_word_and_icon():
    found = [wording.get_level(value) for value in ("L1", "2", 3, "l4")]
    assert [str(level.word) for level in found] == ["危急", "高危", "关注", "提示"]
    assert len({level.icon for level in found}) == 4
    with pytest.raises(ValueError, match="没有级别"):
        wording.get_level("L5")
