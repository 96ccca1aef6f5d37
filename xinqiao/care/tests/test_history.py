"""History never floods patients: older ones are enrolled by an approved act only, and loading sends nothing."""

from datetime import timedelta

import pytest

from xinqiao.care.operations import approve_backfill, propose_backfill, publish_pathways
from xinqiao.care.operations.load import AnsweredStep, PastEnrolment, load_history
from xinqiao.care.queries import get_backfill
from xinqiao.care.rules.backfill import BadMove, SamePerson
from xinqiao.care.testing import make_stay, step_ids
from xinqiao.care.tests.conftest import DAY, build_ward
from xinqiao.directory.testing import make_stranger
from xinqiao.kit.errors import NotAllowed
from xinqiao.kit.ids import new_id
from xinqiao.kit.models import Outbox
from xinqiao.kit.rls import seen_by
from xinqiao.patients.operations import record_death
from xinqiao.patients.testing import make_patient


@pytest.fixture
def older(bare, now):
    """Three who went home before the source went live: four days ago, forty days ago, and one who has died."""
    publish_pathways(by=bare.by, now=now)
    bare.patients = [make_patient(by=bare.by, now=now) for _ in range(3)]
    for patient, days in zip(bare.patients, (4, 40, 4), strict=True):
        make_stay(patient_id=patient, discharged_at=now - days * DAY, is_live=False, by=bare.by, now=now)
    record_death(patient_id=bare.patients[2], died_at=now - DAY, by=bare.by, now=now)
    bare.settle(now)
    return bare


def propose(ward, now):
    return propose_backfill(since=now - timedelta(60), until=now, by=ward.nurse, now=now)


def test_a_proposal_shows_whom_it_would_enrol_and_why_not_the_others_and_does_nothing(older, now):
    proposal = propose(older, now)
    with seen_by(older.head, now):
        preview = get_backfill(proposal, viewer=older.head, now=now)
    assert (preview.word, preview.enrols, preview.steps) == ("待审批", 1, 3)
    assert preview.obstacles == {"各步时间窗都已过": 1, "患者已去世": 1}
    assert len(preview.candidates) == 3
    assert older.tick(now + DAY) == 0


def test_only_another_person_may_approve_and_only_once(older, now):
    proposal = propose(older, now)
    with pytest.raises(SamePerson):
        approve_backfill(backfill_id=proposal, by=older.nurse, now=now)
    with pytest.raises(NotAllowed):
        approve_backfill(backfill_id=proposal, by=make_stranger(now=now), now=now)
    assert approve_backfill(backfill_id=proposal, by=older.head, now=now) == 1
    with pytest.raises(BadMove):
        approve_backfill(backfill_id=proposal, by=older.head, now=now)


def test_an_approved_patient_is_asked_only_about_what_is_still_to_come(older, now):
    approve_backfill(backfill_id=propose(older, now), by=older.head, now=now)
    older.patient = older.patients[0]
    with seen_by(older.by, now):
        from xinqiao.care.models import Enrolment

        older.enrolment = Enrolment.objects.get(patient_id=older.patient).id
    assert older.states(now) == ["cancelled", "planned", "planned", "planned"]
    older.steps = step_ids(older.enrolment, viewer=older.by, now=now)
    assert older.step("dc.d1", now).reason == "late_enrolment"
    assert older.messages(now) == []


def test_loaded_history_stands_as_the_clock_left_it_and_announces_nothing(committed, now, owner):
    ward = build_ward(now)
    publish_pathways(by=ward.by, now=now)
    ward.patient = make_patient(by=ward.by, now=now)
    discharged = now - 6 * DAY
    answered = {"dc.d1": AnsweredStep(discharged + DAY, new_id(now), "staff")}
    row = PastEnrolment(
        ward.patient, new_id(now), discharged, department_id=ward.department, answered=answered
    )
    announced = Outbox.objects.count()
    steps = load_history(rows=[row], connection=owner, by=ward.by, now=now)
    assert load_history(rows=[row], connection=owner, by=ward.by, now=now) == {}
    assert {code for _, code in steps} == {"dc.d1", "dc.d3", "dc.d7", "dc.d30"}
    found = dict(
        owner.execute("SELECT code, state FROM care_step WHERE patient_id = %s", [ward.patient]).fetchall()
    )
    assert found == {"dc.d1": "done", "dc.d3": "overdue", "dc.d7": "due", "dc.d30": "planned"}
    assert Outbox.objects.count() == announced and ward.messages(now) == []


def test_no_wall_of_care_is_open(committed, now, owner):
    from django.db import connection

    ward = build_ward(now)
    ward.follow(now)
    other = make_stranger(now=now)
    for table in ("care_enrolment", "care_step"):
        count = f"SELECT count(*) FROM {table}"
        assert owner.execute(count).fetchone()[0] > 0
        with connection.cursor() as cursor:
            cursor.execute(count)
            assert cursor.fetchone()[0] == 0
            with seen_by(other, now):
                cursor.execute(count)
                assert cursor.fetchone()[0] == 0
