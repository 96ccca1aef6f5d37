"""Work is ordered, moved and retried by rule."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xinqiao.worklist.rules import (
    DAY_PARTS,
    OUTCOMES,
    RUNGS,
    TRANSITIONS,
    WORDS,
    BadMove,
    BadOutcome,
    DispositionMissing,
    OutcomeMissing,
    graver,
    move,
    next_attempt_at,
    outcome_needed,
    outcome_of,
    part_of_day,
    priority,
    rungs_to_tell,
)

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 24, 9, 30, tzinfo=SHANGHAI)
EVENTS = sorted({event for moves in TRANSITIONS.values() for event in moves})
instants = st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1), timezones=st.just(SHANGHAI))


@given(st.lists(st.sampled_from(EVENTS), max_size=12))
def test_whatever_happens_finished_work_never_comes_back(events):
    state, ended = "open", None
    for event in events:
        try:
            state = move(state, event)
        except BadMove:
            assert event not in TRANSITIONS[state]
        assert ended is None or state == ended
        ended = state if state in ("done", "withdrawn") else None
    assert state in WORDS


def test_work_that_was_withdrawn_cannot_be_finished():
    with pytest.raises(BadMove, match="已撤销"):
        move("withdrawn", "finish")


def test_an_alert_is_not_closed_without_a_disposition():
    with pytest.raises(DispositionMissing, match="处置结论"):
        outcome_needed("alert", " ")
    with pytest.raises(OutcomeMissing):
        outcome_needed("follow_up_call", "")
    outcome_needed("alert", "emergency")


def test_risk_goes_before_lateness_and_the_latest_first():
    hours = {
        name: NOW + timedelta(hours=shift) for name, shift in {"late": -5, "later": -9, "soon": 2}.items()
    }
    items = [(0, "later"), (2, "soon"), (0, "late"), (1, "soon"), (2, "late")]
    ordered = sorted(items, key=lambda item: priority(item[0], hours[item[1]]))
    assert ordered == [(1, "soon"), (2, "late"), (2, "soon"), (0, "later"), (0, "late")]


@pytest.mark.parametrize("one, other, chosen", [(0, 0, 0), (0, 4, 4), (2, 1, 1), (3, 0, 3)])
def test_of_two_levels_the_graver_stands(one, other, chosen):
    assert graver(one, other) == chosen


@pytest.mark.parametrize("minutes, told", [(0, 1), (4, 1), (5, 2), (14, 3), (15, 4), (60, 4)])
def test_a_critical_alert_climbs_a_rung_every_five_minutes_and_ends_at_the_duty_officer(minutes, told):
    assert rungs_to_tell(1, NOW, NOW + timedelta(minutes=minutes), RUNGS) == list(RUNGS[:told])
    assert RUNGS[-1] == "duty_officer"


def test_a_rung_without_anybody_is_passed_over_and_lesser_alerts_do_not_climb():
    assert rungs_to_tell(1, NOW, NOW, ["duty_officer", "duty_doctor"]) == ["duty_doctor"]
    assert rungs_to_tell(2, NOW, NOW + timedelta(hours=9), RUNGS) == ["responsible_nurse"]
    assert rungs_to_tell(1, NOW, NOW, []) == []


def test_every_call_outcome_moves_the_claimed_item_and_says_what_follows():
    assert [outcome.word for outcome in OUTCOMES.values()] == [
        "已接通",
        "无人接听",
        "号码有误",
        "约时间再拨",
        "拒绝",
        "已故",
        "迁出",
    ]
    for outcome in OUTCOMES.values():
        assert move("open", outcome.item) in ("done", "open")
        assert outcome.follows


def test_a_wrong_number_opens_a_repair_and_a_death_stops_everything():
    assert "repair_contact" in outcome_of("wrong_number").follows
    assert "stop_everything" in outcome_of("deceased").follows


def test_calling_later_needs_a_time_that_is_still_to_come():
    with pytest.raises(BadOutcome, match="回拨时间"):
        outcome_of("call_later", None, NOW)
    with pytest.raises(BadOutcome, match="回拨时间"):
        outcome_of("call_later", NOW, NOW)
    assert outcome_of("call_later", NOW + timedelta(hours=1), NOW).item == "postpone"


def test_an_unknown_outcome_is_refused():
    with pytest.raises(BadOutcome, match="请选择"):
        outcome_of("maybe")


@given(instants, instants)
def test_three_attempts_lie_in_three_parts_of_three_days(first, later):
    start = next_attempt_at([], first, SHANGHAI)
    tried = [start]
    for _ in range(2):
        tried.append(next_attempt_at(tried, max(tried[-1], later), SHANGHAI))
    assert len({part_of_day(at, SHANGHAI) for at in tried} - {None}) == 3
    assert len({at.astimezone(SHANGHAI).date() for at in tried}) == 3
    assert tried == sorted(tried)


@given(instants)
def test_a_first_call_is_never_made_at_night(now):
    at = next_attempt_at([], now, SHANGHAI)
    assert at >= now
    assert part_of_day(at, SHANGHAI) in DAY_PARTS
    assert at - now <= timedelta(hours=11)


def test_unanswered_in_the_morning_is_tried_the_next_afternoon():
    at = next_attempt_at([NOW], NOW + timedelta(minutes=1), SHANGHAI)
    assert at == datetime(2026, 11, 25, 12, tzinfo=SHANGHAI)
