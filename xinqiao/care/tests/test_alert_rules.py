"""Alerts are answered in time, climb when nobody answers, and close with a disposition."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xinqiao.care.rules.alerts import (
    DISPOSITIONS,
    LEVELS,
    TRANSITIONS,
    WORDS,
    BadMove,
    advance_alert,
    can_close_call,
    first_response_due,
    merges,
)

SHANGHAI = ZoneInfo("Asia/Shanghai")
TUESDAY = datetime(2026, 11, 24, 9, 30, tzinfo=SHANGHAI)
instants = st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1), timezones=st.just(SHANGHAI))
levels = st.sampled_from(sorted(LEVELS))


@pytest.mark.parametrize(
    "level, raised, due",
    [
        ("L1", "2026-11-24T03:00", "2026-11-24T03:15"),
        ("L2", "2026-11-24T09:30", "2026-11-24T11:30"),
        ("L2", "2026-11-24T23:00", "2026-11-25T03:00"),
        ("L2", "2026-11-24T21:00", "2026-11-25T01:00"),
        ("L3", "2026-11-24T09:30", "2026-11-25T09:30"),
        ("L3", "2026-11-27T16:00", "2026-11-30T16:00"),
        ("L3", "2026-11-28T10:00", "2026-12-01T08:00"),
        ("L3", "2026-11-24T03:00", "2026-11-25T08:00"),
        ("L3", "2026-11-24T22:00", "2026-11-26T08:00"),
        ("L4", "2026-11-24T09:30", "2026-12-01T09:30"),
    ],
)
def test_the_first_response_is_due_by_level_hour_and_working_day(level, raised, due):
    raised_at, due_at = (datetime.fromisoformat(text).replace(tzinfo=SHANGHAI) for text in (raised, due))
    assert first_response_due(level, raised_at, SHANGHAI) == due_at


def test_a_holiday_of_the_organisation_is_no_working_day():
    def works(day):
        return day.weekday() < 5 and day.day != 25

    assert first_response_due("L3", TUESDAY, SHANGHAI, works) == TUESDAY + timedelta(days=2)


def test_a_calendar_without_working_days_is_refused():
    with pytest.raises(BadMove, match="工作日历"):
        first_response_due("L3", TUESDAY, SHANGHAI, lambda day: False)


@given(instants)
def test_a_graver_alert_is_never_due_later(raised_at):
    due = [first_response_due(level, raised_at, SHANGHAI) for level in ("L1", "L2", "L3", "L4")]
    assert due == sorted(due)
    assert due[0] > raised_at


def test_a_call_with_a_dangerous_answer_is_closed_only_with_a_disposition():
    assert can_close_call(False, "") == (True, "")
    assert can_close_call(True, "clinic_today") == (True, "")
    answer, reason = can_close_call(True, "")
    assert not answer
    assert "处置结论" in reason


def test_without_contact_only_some_dispositions_close():
    assert advance_alert("acked", "resolve", "unreachable") == "resolved"
    with pytest.raises(BadMove, match="还没有联系患者"):
        advance_alert("acked", "resolve", "observe_at_home")
    for code in DISPOSITIONS:
        assert advance_alert("contacted", "resolve", code) == "resolved"
    assert set(TRANSITIONS) == set(WORDS)


@given(levels, levels, st.integers(0, 60 * 24 * 8))
def test_a_graver_repeat_is_always_a_new_alert(level, before, minutes):
    merged = merges(level, TUESDAY + timedelta(minutes=minutes), before, TUESDAY, "open")
    assert merged is (level >= before and timedelta(minutes=minutes) < LEVELS[before].merge)


def test_a_repeat_after_the_alert_was_resolved_is_new():
    assert not merges("L1", TUESDAY + timedelta(minutes=5), "L1", TUESDAY, "resolved")
