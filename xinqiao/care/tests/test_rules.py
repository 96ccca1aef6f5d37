"""Pathways are read, planned and played as clinicians wrote them."""

from copy import deepcopy
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from xinqiao.care.rules.contact import Attempt, is_lost, is_unreachable
from xinqiao.care.rules.pathways import BadPathway, parse_pathway, pathway_faults
from xinqiao.care.rules.plans import example_faults, follow, plan, resume_step
from xinqiao.care.rules.states import (
    EFFECTS,
    ENROLMENT,
    ENROLMENT_WORDS,
    OPEN_STEPS,
    STEP,
    STEP_WORDS,
    BadMove,
    ReasonMissing,
    advance_enrolment,
    advance_step,
    effect_of,
)
from xinqiao.care.rules.windows import BadOffset, add_months, due_window, read_offset

SHANGHAI = ZoneInfo("Asia/Shanghai")
CONTENT = Path(__file__).parents[3] / "content"
DOCUMENT = yaml.safe_load((CONTENT / "pathways/post_discharge.yaml").read_text("utf-8"))
PATHWAY = parse_pathway(DOCUMENT)
INPATIENT = {"encounter_class": "inpatient", "patient_deceased": False}
DISCHARGED = datetime(2026, 11, 20, 10, 30, tzinfo=SHANGHAI)
anchors = st.datetimes(datetime(2025, 1, 1), datetime(2029, 1, 1), timezones=st.just(SHANGHAI))
courses = st.lists(
    st.builds(
        lambda hours, event: {"at": DISCHARGED + timedelta(hours=hours), "event": event},
        st.integers(0, 24 * 40),
        st.sampled_from(sorted(EFFECTS)),
    ),
    max_size=6,
)


@pytest.mark.parametrize("path", sorted((CONTENT / "pathways").glob("*.yaml")), ids=lambda path: path.stem)
def test_every_published_pathway_is_sound_and_its_examples_come_out(path):
    forms = {form.stem for form in (CONTENT / "questionnaires").glob("*.yaml")}
    document = yaml.safe_load(path.read_text("utf-8"))
    assert document["code"] == path.stem
    assert example_faults(parse_pathway(document, questionnaires=forms), SHANGHAI) == []


def test_an_example_that_is_wrong_is_found():
    document = deepcopy(DOCUMENT)
    document["examples"][0]["expect"]["steps"]["dc.d1"]["due_on"] = date(2026, 11, 22)
    document["examples"][0]["expect"]["enrolment"] = "paused"
    faults = example_faults(parse_pathway(document), SHANGHAI)
    assert len(faults) == 2
    assert "入组应为 paused，实为 completed" in faults[0]
    assert "dc.d1" in faults[1]


@pytest.mark.parametrize(
    "spoil, place",
    [
        (lambda d: d.pop("title"), "title："),
        (lambda d: d.update(version=0), "version："),
        (lambda d: d.update(colour="red"), "colour："),
        (lambda d: d.update(steps=[]), "steps："),
        (lambda d: d.update(examples=[]), "examples："),
        (lambda d: d["entry"]["all"][0].update(test="like"), "entry.all[0].test："),
        (lambda d: d["steps"][2].update(at="7 days"), "steps[2].at："),
        (lambda d: d["steps"][0].update(channels=["pigeon"]), "steps[0].channels："),
        (lambda d: d["steps"][1].update(code="dc.d1"), "steps："),
        (lambda d: d["steps"][3].update(owner="boss"), "steps[3].owner："),
        (lambda d: d["steps"][0]["within"].pop("hours"), "steps[0].within："),
        (lambda d: d["steps"][0]["escalate"][0].update(to="nobody"), "steps[0].escalate[0]："),
        (lambda d: d["steps"][0].pop("mark"), "steps[0].mark："),
        (lambda d: d["steps"][0].update(done_when="sent"), "steps[0].done_when："),
    ],
)
def test_a_fault_in_a_pathway_is_told_with_its_place(spoil, place):
    document = deepcopy(DOCUMENT)
    spoil(document)
    (fault,) = pathway_faults(document)
    assert fault.startswith(place)
    with pytest.raises(BadPathway) as refusal:
        parse_pathway(document)
    assert refusal.value.faults == (fault,)


def test_a_step_cannot_ask_with_a_form_that_does_not_exist():
    assert pathway_faults(DOCUMENT, questionnaires={"dc_d1", "dc_d3", "dc_d7"}) == [
        "steps[3].questionnaire：没有名为“dc_d30”的问卷"
    ]


@given(anchors)
def test_steps_are_dated_by_the_hospitals_days_whatever_the_hour(anchor_at):
    steps = plan(PATHWAY, anchor_at, INPATIENT, SHANGHAI)
    days = [(step.due_at.date() - anchor_at.date()).days for step in steps]
    assert days == [1, 3, 7, 30]
    for step in steps:
        assert anchor_at < step.open_at <= step.due_at < step.close_at < step.miss_at
        assert step.open_at <= step.call_at <= step.close_at
    assert [(step.close_at - step.open_at).days for step in steps] == [1, 2, 4, 9]


@given(anchors)
def test_day_surgery_is_asked_within_24_hours(anchor_at):
    first = plan(PATHWAY, anchor_at, INPATIENT | {"encounter_class": "day_surgery"}, SHANGHAI)[0]
    assert first.open_at <= first.due_at <= first.close_at <= anchor_at + timedelta(hours=24)
    assert first.open_at < first.close_at


def test_a_death_not_known_to_be_absent_keeps_the_patient_out():
    assert plan(PATHWAY, DISCHARGED, {"encounter_class": "inpatient"}, SHANGHAI) == []


@given(courses, st.integers(0, 24 * 60))
def test_whatever_happens_the_dead_and_the_withdrawn_have_no_open_step(events, hours):
    course = follow(
        plan(PATHWAY, DISCHARGED, INPATIENT, SHANGHAI), events, DISCHARGED + timedelta(hours=hours)
    )
    assert course.enrolment in ENROLMENT
    if course.enrolment in ("stopped", "withdrawn", "completed"):
        assert not set(course.steps.values()) & set(OPEN_STEPS)
    if any(event["event"] == "died" for event in events):
        assert course.enrolment == "stopped"


@given(courses)
def test_the_same_events_told_twice_change_nothing_more(events):
    steps, until = plan(PATHWAY, DISCHARGED, INPATIENT, SHANGHAI), DISCHARGED + timedelta(days=45)
    doubled = [event for event in events for _ in range(2)]
    assert follow(steps, doubled, until) == follow(steps, events, until)


@given(st.sampled_from(sorted(ENROLMENT)), st.sampled_from(sorted(EFFECTS)))
def test_an_event_has_an_effect_exactly_where_the_table_allows_it(state, event):
    effect = effect_of(event, state)
    if effect is None:
        with pytest.raises(BadMove):
            advance_enrolment(state, EFFECTS[event].enrolment)
    else:
        assert advance_enrolment(state, effect.enrolment) != state
        assert effect.may_contact is (advance_enrolment(state, effect.enrolment) == "active")


@given(st.sampled_from(sorted(STEP)), st.text(min_size=1, max_size=8), st.text(max_size=4))
def test_a_step_moves_only_as_the_table_says(state, event, reason):
    if event not in STEP[state]:
        with pytest.raises((BadMove, ReasonMissing)):
            advance_step(state, event, reason)


def test_a_step_whose_window_ends_as_the_pause_ends_is_cancelled_with_the_reason():
    first = plan(PATHWAY, DISCHARGED, INPATIENT, SHANGHAI)[0]
    assert resume_step("due", first, first.close_at) == ("cancelled", "再次入院期间时间窗已过")
    assert resume_step("planned", first, first.open_at) == ("due", "")
    assert resume_step("done", first, first.close_at) == ("done", "")


def test_cancelling_needs_a_reason():
    with pytest.raises(ReasonMissing):
        advance_step("due", "cancel", " ")
    assert advance_step("due", "cancel", "出院已撤销") == "cancelled"


def test_every_state_has_its_word_and_can_be_reached():
    for table, words, start in ((ENROLMENT, ENROLMENT_WORDS, "active"), (STEP, STEP_WORDS, "planned")):
        reached = {start} | {after for moves in table.values() for after in moves.values()}
        assert reached == set(table) == set(words)


def test_offsets_are_read_as_clinicians_write_them():
    offset = read_offset("+7d[-1,+2]")
    window = due_window(DISCHARGED, offset, SHANGHAI)
    assert window.open_at == datetime(2026, 11, 26, tzinfo=SHANGHAI)
    assert window.close_at == datetime(2026, 11, 30, tzinfo=SHANGHAI)
    assert window.holds(window.open_at)
    assert not window.holds(window.close_at)
    assert due_window(DISCHARGED, read_offset("+3m"), SHANGHAI).due_at.date() == date(2027, 2, 20)


@pytest.mark.parametrize("text", ["7d", "+7", "+7d[2,+3]", "+7d[-1,-1]", "+7w", "", None])
def test_an_offset_written_otherwise_is_refused(text):
    with pytest.raises(BadOffset):
        read_offset(text)


@pytest.mark.parametrize(
    "day, months, after",
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2026, 12, 15), 12, date(2027, 12, 15)),
    ],
)
def test_months_end_on_the_last_day_there_is(day, months, after):
    assert add_months(day, months) == after


def attempts(*times):
    return [Attempt(datetime(2026, 11, day, hour, tzinfo=SHANGHAI), False) for day, hour in times]


@pytest.mark.parametrize(
    "tried, unreachable, words",
    [
        (attempts((21, 9), (22, 14), (23, 19)), True, "均未接通"),
        (attempts((21, 9), (22, 14)), False, "还差 1 次"),
        (attempts((21, 9), (21, 14), (21, 19)), False, "跨了 1 天"),
        (attempts((21, 9), (22, 10), (23, 11)), False, "1 个时段"),
        ([*attempts((21, 9), (22, 14)), Attempt(DISCHARGED, True)], False, "已经联系上"),
    ],
)
def test_unreachable_takes_three_tries_in_three_parts_of_three_days(tried, unreachable, words):
    answer, reason = is_unreachable(tried, SHANGHAI)
    assert answer is unreachable
    assert words in reason


def test_two_unreachable_steps_running_is_lost():
    assert is_lost([True, False, False])
    assert not is_lost([False, True, False])
    assert not is_lost([False])
