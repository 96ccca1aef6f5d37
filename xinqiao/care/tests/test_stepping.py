"""Steps are asked, answered, called about and missed, each once, by the clock that is given."""

from datetime import timedelta

import pytest

from xinqiao.care import reactions
from xinqiao.care.operations import advance_due, complete_step
from xinqiao.care.testing import WELL
from xinqiao.care.tests.conftest import DAY, HOUR
from xinqiao.kit.failpoints import Failpoint, arm
from xinqiao.kit.ids import new_id
from xinqiao.kit.rls import seen_by
from xinqiao.messaging.events import MessageFailed, ReplyReceived
from xinqiao.patients.operations import mark_contact, prefer_contact
from xinqiao.patients.queries import contact_for, get_patient
from xinqiao.patients.rules.demographics import PhoneSaid
from xinqiao.questionnaires.operations import record_call_answers
from xinqiao.worklist.operations import close_item

LANDLINE = (PhoneSaid("13812345678"), PhoneSaid("0519-86001234"))


def answer(ward, code, answers, now):
    step = ward.step(code, now)
    return record_call_answers(
        patient_id=ward.patient, questionnaire=step.questionnaire, subject_id=step.id, answers=answers, by=ward.by,
        now=now,
    )  # fmt: skip


def test_a_due_step_is_asked_by_text_message_once(ward, now):
    assert (ward.tick(now), ward.tick(now), ward.tick(now + HOUR)) == (1, 0, 0)
    assert ward.states(now) == ["due", "planned", "planned", "planned"]
    [message] = ward.messages(now)
    assert (message.channel, message.subject_id) == ("短信", ward.steps["dc.d1"])
    assert ward.items(now) == []


def test_without_an_answer_the_nurse_calls_and_a_digit_may_be_sent(ward, now):
    ward.tick(now)
    ward.tick(now + 3 * HOUR)
    item = ward.call_item(now)
    step = ward.step("dc.d1", now)
    assert (item.title, item.subject_id, item.due_at) == ("出院后第1天", step.id, step.close_at)
    assert sorted(each.title for each in ward.messages(now)) == [
        "随访数字回复（短信）",
        "随访邀请（短信）",
    ]
    ward.tick(now + 4 * HOUR)
    assert len(ward.items(now)) == 1


def test_who_prefers_the_landline_is_called_and_gets_no_message(bare, now):
    bare.follow(now, phones=LANDLINE)
    with seen_by(bare.by, now):
        landline = next(
            one
            for one in get_patient(bare.patient, viewer=bare.by, now=now).contacts
            if one.kind == "landline"
        )
    prefer_contact(contact_id=landline.id, by=bare.by, now=now)
    bare.tick(now)
    assert bare.messages(now) == []
    assert bare.call_item(now).subject_id == bare.steps["dc.d1"]


def test_who_cannot_be_reached_at_all_needs_a_number_first(bare, now):
    bare.follow(now, phone="")
    bare.tick(now)
    assert bare.messages(now) == []
    assert [one.kind for one in bare.items(now)] == ["contact_repair"]


def test_a_structured_result_finishes_the_step_and_takes_the_call_off_the_list(ward, now):
    ward.tick(now)
    ward.tick(now + 3 * HOUR)
    saved = answer(ward, "dc.d1", WELL, now + 4 * HOUR)
    ward.settle(now + 4 * HOUR)
    step = ward.step("dc.d1", now)
    assert (step.state, step.response_id, step.completed_at) == ("done", saved.response_id, now + 4 * HOUR)
    assert ward.items(now) == []
    assert complete_step(step_id=step.id, response_id=saved.response_id, by=ward.by, now=now + DAY) == "done"
    assert ward.step("dc.d1", now).completed_at == now + 4 * HOUR


def test_a_message_sent_never_finishes_a_step(ward, now):
    for hour in range(0, 100, 6):
        ward.tick(now + hour * HOUR)
    assert "done" not in ward.states(now)
    assert ward.step("dc.d1", now).state == "missed"


def test_an_answer_that_misses_the_point_leaves_the_step_to_a_call(ward, now):
    seventh = now + 5 * DAY
    for day in range(6):
        ward.tick(now + day * DAY)
    answers = {"stitches": "not_needed", "revisit": "open"}
    form = _fill(ward, "dc.d7", answers)
    answer(ward, "dc.d7", form, seventh)
    ward.settle(seventh)
    assert ward.step("dc.d7", seventh).state == "in_progress"
    ward.tick(seventh)
    assert ward.steps["dc.d7"] in {one.subject_id for one in ward.items(seventh, "follow_up_call")}


def test_an_answer_after_the_window_counts_as_done_but_late(ward, now):
    ward.tick(now)
    late = now + DAY
    ward.tick(late)
    assert ward.step("dc.d1", late).state == "overdue"
    answer(ward, "dc.d1", WELL, late)
    ward.settle(late)
    step = ward.step("dc.d1", late)
    assert step.state == "done" and step.completed_at > step.close_at


def test_a_message_that_failed_becomes_a_call(ward, now):
    ward.tick(now)
    event = MessageFailed(
        organisation_id=ward.organisation, occurred_at=now, intent_id=new_id(now), patient_id=ward.patient,
        subject_id=ward.steps["dc.d1"],
    )  # fmt: skip
    with seen_by(ward.by, now):
        reactions.call_instead(event, by=ward.by, now=now)
        reactions.call_instead(event, by=ward.by, now=now)
    ward.tick(now)
    assert len(ward.items(now, "follow_up_call")) == 1


@pytest.mark.parametrize(
    ("digits", "calls", "thanks"),
    [("1", 0, "数字回复确认（短信）"), ("2", 1, "数字回复确认（短信）"), ("", 1, "数字回复看不懂（短信）")],
)
def test_a_digit_is_taken_as_an_answer_and_thanked_for_once(ward, now, digits, calls, thanks):
    ward.tick(now)
    event = ReplyReceived(
        organisation_id=ward.organisation, occurred_at=now, inbound_id=new_id(now), patient_id=ward.patient,
        subject_id=ward.steps["dc.d1"], digits=digits,
    )  # fmt: skip
    with seen_by(ward.by, now):
        reactions.take_digits(event, by=ward.by, now=now)
        reactions.take_digits(event, by=ward.by, now=now)
    ward.tick(now)
    assert len(ward.items(now, "follow_up_call")) == calls
    assert [one.title for one in ward.messages(now) if one.title.startswith("数字")] == [thanks]
    assert ward.step("dc.d1", now).state == "due"


def test_a_repaired_number_brings_the_call_back(bare, now):
    bare.follow(now)
    bare.tick(now)
    bare.tick(now + 3 * HOUR)
    with seen_by(bare.by, now):
        contact = contact_for(bare.patient, "phone", viewer=bare.by, now=now).contact_id
    mark_contact(contact_id=contact, state="wrong", by=bare.by, now=now)
    bare.settle(now)
    [repair] = bare.items(now, "contact_repair")
    mark_contact(contact_id=contact, state="ok", by=bare.by, now=now + 4 * HOUR)
    close_item(item_id=repair.id, outcome="repaired", by=bare.nurse, now=now + 4 * HOUR)
    bare.settle(now + 4 * HOUR)
    bare.tick(now + 4 * HOUR)
    assert len(bare.items(now, "follow_up_call")) == 1


@pytest.mark.parametrize("point", ["care.step.after_claim", "care.step.before_commit"])
def test_a_worker_that_dies_halfway_has_done_nothing(ward, now, point):
    arm(point, "raise")
    try:
        with pytest.raises(Failpoint):
            ward.tick(now)
    finally:
        arm(point, None)
    assert ward.states(now)[0] == "planned" and ward.messages(now) == []
    assert ward.tick(now) == 1


def test_one_step_that_fails_holds_nobody_up(ward, now, monkeypatch):
    from xinqiao.care.operations import stepping

    monkeypatch.setattr(stepping, "_ask", _fails)
    assert ward.tick(now) == 1
    step = ward.step("dc.d1", now)
    assert (step.state, step.wake_at) == ("planned", now + timedelta(minutes=10))
    monkeypatch.undo()
    assert ward.tick(now + timedelta(minutes=10)) == 1
    assert ward.step("dc.d1", now).state == "due"


def test_another_organisation_moves_nothing_of_ours(ward, now):
    from xinqiao.directory.testing import make_organisation
    from xinqiao.kit.actor import system

    other = make_organisation(now=now, code="other", name="安禾妇儿医院")
    assert advance_due(by=system("test", other), now=now) == 0


def _fails(*_):
    raise RuntimeError("planted")


def _fill(ward, code, known):
    """Fill a form with anything allowed, and with what is known."""
    from xinqiao.questionnaires.rules.library import published_form

    form = published_form({"dc.d7": "dc_d7"}[code])
    filled = {}
    for item in form.items:
        if item.type in ("scale", "number"):
            filled[item.code] = str(item.hard[1])
        elif item.type in ("choice", "yesno"):
            filled[item.code] = next(iter(item.options))
        elif item.type == "choices":
            filled[item.code] = [next(iter(item.options))]
    return filled | {code: value for code, value in known.items() if code in filled}
