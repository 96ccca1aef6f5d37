"""Alerts are raised once, climb no more when taken up, and close only with a disposition."""

from datetime import timedelta

import pytest

from xinqiao.care import reactions
from xinqiao.care.operations import ack_alert, contact_alert, raise_alert, resolve_alert, review_alert
from xinqiao.care.queries import alerts_of, get_alert
from xinqiao.care.rules.alerts import BadMove, DispositionMissing
from xinqiao.care.tests.conftest import DAY, HOUR
from xinqiao.directory.testing import make_stranger
from xinqiao.kit.errors import Conflict, NotAllowed, NotFound
from xinqiao.kit.ids import new_id
from xinqiao.kit.rls import seen_by
from xinqiao.patients.operations import record_death
from xinqiao.questionnaires.events import DangerAnswered
from xinqiao.questionnaires.operations import record_call_answers

CODE = "answers:dc_d1"


def danger(ward, now, level=1, response=None):
    return raise_alert(
        patient_id=ward.patient, level=level, code=CODE, subject_id=ward.steps["dc.d1"],
        evidence=response or new_id(now), by=ward.by, now=now,
    )  # fmt: skip


def test_a_dangerous_answer_in_a_draft_is_a_nurses_task_within_fifteen_minutes(ward, now):
    ward.tick(now)
    saved = record_call_answers(
        patient_id=ward.patient, questionnaire="dc_d1", subject_id=ward.steps["dc.d1"],
        answers={"temperature": "39.4"}, complete=False, by=ward.by, now=now,
    )  # fmt: skip
    ward.settle(now)
    [alert] = ward.alerts(now)
    [item] = ward.items(now, "alert")
    assert (alert.level, alert.evidence) == ("L1", [str(saved.response_id)])
    assert (item.title, item.level, item.due_at) == ("需当日人工联系", 1, now + timedelta(minutes=15))
    assert "护士将来电（短信）" in {one.title for one in ward.messages(now)}


def test_the_same_danger_told_twice_is_one_alert(ward, now):
    event = DangerAnswered(
        organisation_id=ward.organisation, occurred_at=now, response_id=new_id(now), patient_id=ward.patient,
        subject_id=ward.steps["dc.d1"], level=1,
    )  # fmt: skip
    with seen_by(ward.by, now):
        reactions.alert_staff(event, by=ward.by, now=now)
        reactions.alert_staff(event, by=ward.by, now=now)
    assert len(ward.alerts(now)) == 1 and len(ward.items(now, "alert")) == 1


def test_repeats_merge_within_the_levels_time_and_a_graver_one_is_new(ward, now):
    first = danger(ward, now, level=2)
    assert danger(ward, now + HOUR, level=2) == first
    assert danger(ward, now + HOUR, level=3) == first
    worse = danger(ward, now + 2 * HOUR, level=1)
    assert worse != first
    assert danger(ward, now + 2 * HOUR + timedelta(minutes=31), level=1) not in (first, worse)


def test_an_alert_goes_from_taken_up_to_reviewed_and_off_the_list(ward, now):
    alert_id = danger(ward, now)
    ack_alert(alert_id=alert_id, by=ward.nurse, now=now)
    assert ward.items(now, "alert")[0].acked_at == now
    contact_alert(alert_id=alert_id, by=ward.nurse, now=now)
    with pytest.raises(DispositionMissing):
        resolve_alert(alert_id=alert_id, disposition="", by=ward.nurse, now=now)
    resolve_alert(alert_id=alert_id, disposition="clinic_today", by=ward.nurse, now=now)
    assert ward.items(now, "alert") == []
    review_alert(alert_id=alert_id, by=ward.head, now=now + DAY)
    with seen_by(ward.nurse, now):
        card = get_alert(alert_id, viewer=ward.nurse, now=now)
        assert alerts_of(ward.patient, viewer=ward.nurse, now=now) == [card]
    assert (card.word, card.disposition_word, card.acked_by, card.moves) == (
        "已复核",
        "当日门诊就诊",
        "陈静",
        (),
    )


def test_an_alert_nobody_took_up_is_not_closed(ward, now):
    with pytest.raises(BadMove):
        resolve_alert(alert_id=danger(ward, now), disposition="clinic_today", by=ward.nurse, now=now)


def test_the_slower_of_two_nurses_is_told(ward, now):
    alert_id = danger(ward, now)
    ack_alert(alert_id=alert_id, version=1, by=ward.nurse, now=now)
    with pytest.raises(Conflict):
        contact_alert(alert_id=alert_id, version=1, by=ward.doctor, now=now)


def test_a_stranger_neither_sees_nor_handles_an_alert(ward, now):
    alert_id = danger(ward, now)
    stranger = make_stranger(now=now)
    with seen_by(stranger, now), pytest.raises((NotFound, NotAllowed)):
        get_alert(alert_id, viewer=stranger, now=now)
    with pytest.raises((NotFound, NotAllowed)):
        ack_alert(alert_id=alert_id, by=stranger, now=now)


def test_death_closes_what_stands_and_raises_nothing_new(ward, now):
    danger(ward, now)
    record_death(patient_id=ward.patient, died_at=now, by=ward.by, now=now)
    ward.settle(now)
    [alert] = ward.alerts(now)
    assert (alert.state, alert.disposition) == ("resolved", "deceased")
    assert danger(ward, now + HOUR) is None and ward.items(now) == []


def test_answers_given_late_at_night_are_due_as_soon_as_by_day(ward, now):
    night = now + 14 * HOUR
    danger(ward, night, level=1)
    assert ward.alerts(night)[0].respond_at == night + timedelta(minutes=15)
