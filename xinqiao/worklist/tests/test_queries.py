"""Today's list: what stands on it, in which order, for whom, at which cost."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from xinqiao.directory.testing import make_department, make_staff, make_stranger
from xinqiao.kit.errors import NotAllowed, NotFound
from xinqiao.kit.rls import seen_by
from xinqiao.patients.testing import make_patient
from xinqiao.worklist.operations import close_item, postpone_item
from xinqiao.worklist.queries import Counts, Filters, counts, get_item, items_of, latest_department, today
from xinqiao.worklist.rules import priority
from xinqiao.worklist.testing import make_item

HOUR = timedelta(hours=1)


@pytest.fixture
def put(ward, now):
    def put(**more):
        return make_item(
            **{"patient_id": ward.patient, "by": ward.by, "now": now, "department_id": ward.department} | more
        )

    return put


def listed(viewer, now, **more):
    with seen_by(viewer, now):
        return [row.id for row in today(viewer=viewer, now=now, **more)]


def test_the_list_begins_with_the_gravest_and_then_the_latest(ward, put, now):
    call_late = put(due_at=now - 5 * HOUR)
    high = put(kind="alert", level=2, due_at=now + HOUR)
    critical = put(kind="alert", level=1, due_at=now + 2 * HOUR)
    call = put(due_at=now + HOUR)
    assert listed(ward.nurse, now) == [critical, high, call_late, call]
    with seen_by(ward.nurse, now):
        rows = today(viewer=ward.nurse, now=now)
    assert rows == sorted(rows, key=lambda row: priority(row.level, row.due_at))
    assert listed(ward.nurse, now, limit=2) == [critical, high]
    assert listed(ward.nurse, now, limit=2, after=high) == [call_late, call]
    assert listed(ward.nurse, now, after=call) == []


def test_what_is_put_off_until_tomorrow_or_not_yet_open_is_not_on_todays_list(ward, put, now):
    stays, tomorrow, later = put(), put(), put()
    postpone_item(item_id=tomorrow, next_at=now + 15 * HOUR, by=ward.nurse, now=now)
    postpone_item(item_id=later, next_at=now + 14 * HOUR, by=ward.nurse, now=now)
    put(open_at=now + HOUR)
    assert set(listed(ward.nurse, now)) == {stays, later}
    assert set(listed(ward.nurse, now + 15 * HOUR)) >= {tomorrow}


def test_a_row_carries_what_the_page_shows(ward, put, now):
    put(assignee_id=ward.nurse_id, due_at=now - HOUR)
    with seen_by(ward.nurse, now):
        (row,) = today(viewer=ward.nurse, now=now)
    assert (row.patient_name, row.department, row.assignee) == ("李桂兰", "心内科", "陈静")
    assert (row.kind_word, row.title, row.is_late) == ("随访电话", "出院后第1天随访", True)


def test_the_numbers_above_the_list_are_its_own(ward, put, now):
    put(due_at=now - HOUR)
    put(kind="alert", level=1)
    put(kind="reply")
    close_item(item_id=put(), outcome="connected", by=ward.nurse, now=now)
    with seen_by(ward.nurse, now):
        assert counts(viewer=ward.nurse, now=now) == Counts(today=3, done=1, alerts=1, late=1, replies=1)
        assert counts(viewer=ward.nurse, now=now + 24 * HOUR).done == 0


def test_filters_narrow_the_list(ward, put, now):
    alert, mine = put(kind="alert", level=2), put(assignee_id=ward.nurse_id)
    late = put(due_at=now - HOUR)
    assert listed(ward.nurse, now, filters=Filters(kinds=["alert"])) == [alert]
    assert listed(ward.nurse, now, filters=Filters(mine=True)) == [mine]
    assert listed(ward.nurse, now, filters=Filters(late=True)) == [late]
    assert set(listed(ward.nurse, now, filters=Filters(department_id=ward.department))) == {alert, mine, late}


def test_another_wards_work_is_seen_only_when_it_is_ones_own(ward, put, now):
    elsewhere = make_department(ward.organisation, now=now, code="0305", name="骨科")
    put(department_id=elsewhere)
    assigned = put(department_id=elsewhere, assignee_id=ward.nurse_id)
    assert listed(ward.nurse, now) == [assigned]
    _, desk = make_staff("service_desk", organisation_id=ward.organisation, now=now)
    assert len(listed(desk, now)) == 2


def test_the_stranger_sees_nothing(ward, put, now):
    item, stranger = put(), make_stranger(now=now)
    for ask in (
        lambda: today(viewer=stranger, now=now),
        lambda: counts(viewer=stranger, now=now),
        lambda: get_item(item, viewer=stranger, now=now),
    ):
        with seen_by(stranger, now), pytest.raises((NotAllowed, NotFound)):
            ask()


def test_two_hundred_rows_cost_as_many_queries_as_one(ward, now):
    def cost():
        with (
            seen_by(ward.nurse, now),
            CaptureQueriesContext(
                connection,
            ) as asked,
        ):
            rows = today(viewer=ward.nurse, now=now, limit=200)
        return len(rows), len(asked)

    patients = [make_patient(by=ward.by, now=now, phone="") for _ in range(4)]
    make_item(patient_id=ward.patient, by=ward.by, now=now, department_id=ward.department)
    one = cost()
    for place in range(199):
        make_item(patient_id=patients[place % 4], by=ward.by, now=now, department_id=ward.department)
    assert (one[0], *cost()) == (1, 200, one[1])


def test_a_patients_open_work_and_last_department_are_told_to_who_may_read_her(ward, put, now):
    item = put()
    with seen_by(ward.nurse, now):
        assert [row.id for row in items_of(ward.patient, viewer=ward.nurse, now=now)] == [item]
        assert latest_department(ward.patient, viewer=ward.nurse) == ward.department
    stranger = make_stranger(now=now)
    with seen_by(stranger, now):
        assert items_of(ward.patient, viewer=stranger, now=now) == []
