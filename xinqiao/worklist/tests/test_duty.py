"""Who is on duty, who is told of an alert, and in which order."""

from datetime import timedelta

import pytest

from xinqiao.directory.testing import make_staff
from xinqiao.kit.models import Outbox
from xinqiao.kit.rls import seen_by
from xinqiao.worklist.models import Notice
from xinqiao.worklist.operations import acknowledge_alert, close_item, set_duty, tell_duty
from xinqiao.worklist.operations.duty import BadDuty, DutyOfficerApart, DutyOverlaps
from xinqiao.worklist.queries import get_notice, notices_of, on_duty, today
from xinqiao.worklist.tasks import climb_alerts
from xinqiao.worklist.testing import make_duty, make_item

MINUTE = timedelta(minutes=1)


@pytest.fixture
def night(ward, now):
    ward.officer_id, ward.officer = make_staff(
        "doctor", organisation_id=ward.organisation, department_id=ward.department, now=now, name="周值"
    )
    here = {"by": ward.by, "now": now, "department_id": ward.department}
    make_duty(user_id=ward.head_id, role="department_head", **here)
    make_duty(user_id=ward.nurse_id, role="responsible_nurse", phone="8001", **here)
    make_duty(user_id=ward.doctor_id, role="duty_doctor", **here)
    make_duty(user_id=ward.officer_id, role="duty_officer", by=ward.by, now=now)
    return ward


def alert(ward, now, level=1):
    return make_item(
        patient_id=ward.patient, by=ward.by, now=now, kind="alert", level=level, department_id=ward.department
    )


def told(ward, item, now):
    with seen_by(ward.by, now):
        return [(each.name, each.word) for each in notices_of(item, viewer=ward.by, now=now)]


def test_who_is_on_duty_is_told_by_the_ladder_and_ends_at_the_duty_officer(night, now):
    with seen_by(night.by, now):
        people = on_duty(night.department, viewer=night.by, now=now)
        assert [each.word for each in people] == ["责任护士", "值班医生", "科主任", "总值班"]
        assert [each.word for each in on_duty(None, viewer=night.by, now=now)] == ["总值班"]
        assert on_duty(night.department, viewer=night.by, now=people[0].ends_at) == []


def test_nobody_is_on_duty_in_two_places_at_once_but_shifts_may_touch(night, now):
    ends = now + timedelta(hours=16)
    more = {"user_id": night.nurse_id, "role": "responsible_nurse", "department_id": night.department}
    with pytest.raises(DutyOverlaps):
        set_duty(starts_at=ends - MINUTE, ends_at=ends + MINUTE, by=night.by, now=now, **more)
    set_duty(starts_at=ends, ends_at=ends + MINUTE, by=night.by, now=now, **more)


def test_a_duty_that_makes_no_sense_is_refused(ward, now):
    with pytest.raises(BadDuty):
        make_duty(user_id=ward.nurse_id, role="cook", by=ward.by, now=now, department_id=ward.department)
    with pytest.raises(BadDuty):
        make_duty(user_id=ward.nurse_id, role="duty_officer", by=ward.by, now=now, ends_at=now - timedelta(1))
    with pytest.raises(DutyOfficerApart):
        make_duty(user_id=ward.nurse_id, role="responsible_nurse", by=ward.by, now=now)


def test_an_unanswered_critical_alert_climbs_every_five_minutes_and_stops_at_the_top(night, now):
    item = alert(night, now)
    names = [("陈静", "责任护士"), ("张明远", "值班医生"), ("刘建华", "科主任"), ("周值", "总值班")]
    for minutes, rungs in ((0, 1), (4, 1), (5, 2), (9, 2), (10, 3), (15, 4), (90, 4)):
        climb_alerts(now + minutes * MINUTE)
        assert told(night, item, now) == names[:rungs]
    assert climb_alerts(now + 95 * MINUTE) == 0
    assert Outbox.objects.filter(name="worklist.DutyAlerted").count() == 4


@pytest.mark.parametrize("answer", ["acknowledge", "close"])
def test_an_alert_that_somebody_took_up_climbs_no_further(night, now, answer):
    item = alert(night, now)
    climb_alerts(now)
    if answer == "acknowledge":
        acknowledge_alert(item_id=item, by=night.nurse, now=now + MINUTE)
        acknowledge_alert(item_id=item, by=night.doctor, now=now + 2 * MINUTE)
    else:
        close_item(item_id=item, outcome="emergency", by=night.nurse, now=now + MINUTE)
    assert climb_alerts(now + 30 * MINUTE) == 0
    assert told(night, item, now) == [("陈静", "责任护士")]
    if answer == "acknowledge":
        with seen_by(night.nurse, now):
            (row,) = today(viewer=night.nurse, now=now + MINUTE)
        assert (row.assignee, row.acked_at) == ("陈静", now + MINUTE)


def test_a_lesser_alert_is_told_once_and_does_not_climb(night, now):
    item = alert(night, now, level=2)
    climb_alerts(now)
    climb_alerts(now + timedelta(hours=5))
    assert told(night, item, now) == [("陈静", "责任护士")]


def test_without_anybody_on_duty_the_workbench_says_so_once(ward, now):
    item = alert(ward, now)
    assert len(tell_duty(item_id=item, by=ward.by, now=now)) == 1
    assert tell_duty(item_id=item, by=ward.by, now=now + MINUTE) == []
    assert told(ward, item, now) == [("无人值班", "总值班")]


def test_an_alert_of_no_department_that_finds_nobody_on_duty_is_on_everybodys_list(ward, now):
    item = make_item(patient_id=ward.patient, by=ward.by, now=now, kind="alert", level=1)
    tell_duty(item_id=item, by=ward.by, now=now)
    with seen_by(ward.nurse, now):
        assert [row.id for row in today(viewer=ward.nurse, now=now)] == [item]


def test_what_goes_out_of_the_house_tells_nothing_of_the_patient(night, now):
    (notice,) = tell_duty(item_id=alert(night, now), by=night.by, now=now)
    with seen_by(night.by, now):
        said = get_notice(notice, viewer=night.by, now=now)
    assert (said.channel, said.phone) == ("sms", "8001")
    assert said.text == "信桥提醒：有 1 条危急预警等待确认，请登录工作台处理。"


def test_whoever_was_told_of_an_alert_finds_it_on_his_list_wherever_he_works(night, now):
    from xinqiao.directory.testing import make_department

    elsewhere = make_department(night.organisation, now=now, code="0305", name="骨科")
    item = make_item(
        patient_id=night.patient, by=night.by, now=now, kind="alert", level=1, department_id=elsewhere
    )
    with seen_by(night.officer, now):
        assert today(viewer=night.officer, now=now) == []
    tell_duty(item_id=item, by=night.by, now=now)
    with seen_by(night.officer, now):
        assert [row.id for row in today(viewer=night.officer, now=now)] == [item]
        assert Notice.objects.get().user_id == night.officer_id
