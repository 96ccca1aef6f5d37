"""One call, its answers, and all that follows; danger is not hung up on."""

from datetime import timedelta

import pytest

from xinqiao.care.models import ContactAttempt
from xinqiao.care.operations import (
    AnswersIncomplete,
    DispositionNeeded,
    apply_life_event,
    confirm_death,
    record_call,
    take_reply,
)
from xinqiao.care.queries import call_sheet
from xinqiao.care.testing import FEVER, WELL
from xinqiao.care.tests.conftest import DAY, HOUR
from xinqiao.directory.testing import make_stranger
from xinqiao.kit.errors import Conflict, NotAllowed, NotFound
from xinqiao.kit.ids import new_id
from xinqiao.kit.rls import seen_by
from xinqiao.patients.queries import contact_for, get_patient
from xinqiao.questionnaires.operations import record_call_answers
from xinqiao.worklist.operations import record_attempt
from xinqiao.worklist.queries import today
from xinqiao.worklist.rules import BadOutcome
from xinqiao.worklist.testing import make_item

NOON = 3 * HOUR


@pytest.fixture
def called(ward, now):
    ward.tick(now)
    ward.tick(now + NOON)
    ward.item = ward.call_item(now).id
    return ward


def call(ward, now, outcome="connected", **more):
    return record_call(item_id=ward.item, outcome=outcome, by=ward.nurse, now=now, **more)


def test_the_sheet_says_who_calls_before_it_says_why(called, now):
    with seen_by(called.nurse, now):
        sheet = call_sheet(called.item, viewer=called.nurse, now=now)
    assert sheet.opening == "您好，我是江州市第一人民医院随访护士陈静。请问您是李桂兰本人吗？"
    assert sheet.phone.value == "13812345678"
    assert [item.code for item in sheet.form.items][:2] == ["pain", "pain_relief"]
    assert dict(sheet.outcomes)["no_answer"] == "无人接听"


def test_a_stranger_gets_neither_sheet_nor_call(called, now):
    stranger = make_stranger(now=now)
    with seen_by(stranger, now), pytest.raises((NotAllowed, NotFound)):
        call_sheet(called.item, viewer=stranger, now=now)
    with pytest.raises((NotAllowed, NotFound)):
        record_call(item_id=called.item, outcome="connected", answers=WELL, by=stranger, now=now)


def test_an_answered_call_finishes_the_step_at_once(called, now):
    done = call(called, now + NOON, answers=WELL)
    assert (done.step_state, done.alert_id) == ("done", None)
    assert called.step("dc.d1", now).completed_via == "staff"
    called.settle(now + NOON)
    assert called.items(now) == [] and called.alerts(now) == []


def test_a_call_that_leaves_questions_open_is_refused_and_nothing_is_kept(called, now):
    with pytest.raises(AnswersIncomplete) as refused:
        call(called, now + NOON, answers={"pain": 3})
    assert "temperature" in refused.value.facts["errors"]
    assert called.items(now)[0].attempts == 0
    assert called.step("dc.d1", now).state == "due"


def test_danger_cannot_be_hung_up_on_without_a_disposition(called, now):
    with pytest.raises(DispositionNeeded):
        call(called, now + NOON, answers=FEVER)
    assert called.alerts(now) == [] and called.items(now)[0].attempts == 0
    done = call(called, now + NOON, answers=FEVER, disposition="clinic_today")
    [alert] = called.alerts(now)
    assert alert.id == done.alert_id
    assert (alert.level, alert.state, alert.disposition) == ("L1", "resolved", "clinic_today")
    assert alert.contacted_at == now + NOON
    called.settle(now + NOON)
    assert len(called.alerts(now)) == 1 and called.items(now) == []


def test_a_page_that_was_open_meanwhile_is_refused(called, now):
    version = called.items(now)[0].version
    call(called, now + NOON, outcome="no_answer", version=version)
    with pytest.raises(Conflict):
        call(called, now + NOON, answers=WELL, version=version)


def test_three_tries_on_three_days_in_three_parts_make_unreachable(called, now):
    at = now + NOON
    for _ in range(3):
        tried = call(called, at, outcome="no_answer")
        at = tried.next_at
    assert called.step("dc.d1", now).unreachable_at
    assert called.items(now, "follow_up_call") == []
    called.settle(at)
    assert [one.kind for one in called.items(now)] == ["contact_repair"]
    with seen_by(called.by, now):
        assert ContactAttempt.objects.filter(step_id=called.steps["dc.d1"], reached=False).count() == 3


def test_two_steps_unreachable_in_a_row_are_lost(called, now):
    at = now + NOON
    for _ in range(3):
        at = call(called, at, outcome="no_answer").next_at
    for hour in range(0, 24 * 8 + 6, 6):
        called.tick(now + hour * HOUR)
    at = now + 8 * DAY
    for _ in range(3):
        called.item = called.call_item(at).id
        at = call(called, at, outcome="no_answer").next_at or at
    row = called.enrolment_row(at)
    assert (row.state, row.ended_by) == ("withdrawn", "lost")
    assert called.items(at, "follow_up_call") == []


def test_a_wrong_number_is_marked_and_asks_for_another(called, now):
    call(called, now + NOON, outcome="wrong_number")
    called.settle(now + NOON)
    with seen_by(called.by, now):
        assert contact_for(called.patient, "phone", viewer=called.by, now=now) is None
        [contact] = get_patient(called.patient, viewer=called.by, now=now).contacts
    assert contact.state == "wrong"
    assert [one.kind for one in called.items(now)] == ["contact_repair"]


def test_calling_later_needs_a_time_that_is_to_come(called, now):
    with pytest.raises(BadOutcome):
        call(called, now + NOON, outcome="call_later", call_at=now)
    later = now + NOON + timedelta(hours=2)
    assert call(called, now + NOON, outcome="call_later", call_at=later).next_at == later
    assert called.items(now)[0].next_at == later


@pytest.mark.parametrize("outcome", ["refused", "moved_away"])
def test_who_refuses_or_moved_away_is_left_in_peace(called, now, outcome):
    call(called, now + NOON, outcome=outcome)
    row = called.enrolment_row(now)
    assert (row.state, row.ended_by) == ("withdrawn", outcome)
    assert called.tick(now + 40 * DAY) == 0
    assert called.items(now) == [] and "held" not in {one.state for one in called.messages(now)}


def test_a_death_heard_of_stops_reminders_at_once_and_is_confirmed(called, now):
    call(called, now + NOON, outcome="deceased")
    assert called.enrolment_row(now).state == "paused"
    assert called.tick(now + 9 * DAY) == 0
    [confirm] = called.items(now)
    assert confirm.kind == "confirm_death"
    confirm_death(item_id=confirm.id, died_at=now, by=called.nurse, now=now + DAY)
    called.settle(now + DAY)
    assert called.enrolment_row(now).state == "stopped" and called.items(now) == []


def test_a_death_heard_of_outside_the_plan_pauses_it_too(called, now):
    other = make_item(
        patient_id=called.patient,
        kind="contact_repair",
        department_id=called.department,
        by=called.by,
        now=now,
    )
    record_attempt(item_id=other, outcome="deceased", by=called.nurse, now=now)
    called.settle(now)
    assert called.enrolment_row(now).state == "paused"
    assert [one.kind for one in called.items(now)] == ["confirm_death"]


def test_who_asks_to_be_called_is_back_on_the_list_though_put_off_till_tomorrow(called, now):
    call(called, now + NOON, outcome="no_answer")
    later = now + NOON + HOUR
    take_reply(inbound_id=new_id(now), step_id=called.steps["dc.d1"], digits="2", by=called.by, now=later)
    with seen_by(called.nurse, later):
        assert [one.kind for one in today(viewer=called.nurse, now=later)] == ["follow_up_call"]


def test_a_reply_after_the_step_is_done_is_read_by_somebody(called, now):
    call(called, now + NOON, answers=WELL)
    called.settle(now + NOON)
    take_reply(inbound_id=new_id(now), step_id=called.steps["dc.d1"], digits="", by=called.by, now=now + DAY)
    assert [one.kind for one in called.items(now)] == ["reply"]


def test_a_telephone_that_answers_by_itself_is_not_answered_for_ever(called, now):
    for _ in range(3):
        take_reply(inbound_id=new_id(now), step_id=called.steps["dc.d1"], digits="", by=called.by, now=now)
    assert [one.title for one in called.messages(now)].count("数字回复看不懂（短信）") == 1


def test_a_death_denied_does_not_call_who_is_in_hospital(called, now):
    apply_life_event(patient_id=called.patient, event="readmitted", by=called.by, now=now)
    apply_life_event(patient_id=called.patient, event="death_denied", by=called.by, now=now)
    assert called.enrolment_row(now).state == "paused"


def test_a_death_denied_lets_the_following_go_on(called, now):
    call(called, now + NOON, outcome="deceased")
    [confirm] = called.items(now)
    confirm_death(item_id=confirm.id, died_at=None, by=called.nurse, now=now + 4 * HOUR)
    assert called.enrolment_row(now).state == "active"
    called.tick(now + 4 * HOUR)
    assert [one.kind for one in called.items(now)] == ["follow_up_call"]


def test_who_answered_by_himself_is_only_talked_with(called, now):
    step = called.step("dc.d1", now)
    record_call_answers(
        patient_id=called.patient,
        questionnaire="dc_d1",
        subject_id=step.id,
        answers=WELL,
        by=called.by,
        now=now,
    )
    called.settle(now + NOON)
    assert called.step("dc.d1", now).state == "done" and called.items(now) == []
