"""A discharge starts a plan; what happens to the patient changes it; each reaction may come twice."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from xinqiao.care import reactions
from xinqiao.care.models import Enrolment, PathwayVersion
from xinqiao.care.operations import PublishedAlready, apply_life_event, publish_pathways
from xinqiao.care.operations.publishing import CONTENT
from xinqiao.care.queries import NotPublished, enrolment_of, plan_of
from xinqiao.care.rules.pathways import BadPathway
from xinqiao.care.testing import cancel_discharge, make_stay
from xinqiao.care.tests.conftest import DAY, HOUR
from xinqiao.kit.rls import seen_by
from xinqiao.patients.operations import record_death, set_label
from xinqiao.patients.testing import make_patient
from xinqiao.privacy.operations import withdraw_consent
from xinqiao.record.events import AdmissionCancelled, PatientAdmitted, PatientDischarged
from xinqiao.record.operations import receive_facts
from xinqiao.record.rules.said import EncounterSaid, FactsSaid
from xinqiao.worklist.queries import zone_of


def enrolments(ward, now, patient=None):
    with seen_by(ward.by, now):
        return list(
            Enrolment.objects.filter(patient_id=patient or ward.patient).order_by("enrolled_at", "id")
        )


def twice(reaction, event, ward, now):
    with seen_by(ward.by, now):
        reaction(event, by=ward.by, now=now)
        reaction(event, by=ward.by, now=now)


def about(ward, now, encounter):
    return {
        "organisation_id": ward.organisation, "occurred_at": now, "encounter_id": encounter, "patient_id": ward.patient,
    }  # fmt: skip


def admit(ward, now, number="V9"):
    return make_stay(patient_id=ward.patient, by=ward.by, now=now, source_key=number)


def test_a_discharge_told_by_the_record_starts_a_plan_of_four_steps(bare, now):
    publish_pathways(by=bare.by, now=now)
    patient = make_patient(by=bare.by, now=now)
    make_stay(patient_id=patient, discharged_at=now - 2 * HOUR, by=bare.by, now=now)
    bare.settle(now)
    [enrolment] = enrolments(bare, now, patient)
    with seen_by(bare.nurse, now):
        [plan] = plan_of(patient, viewer=bare.nurse, now=now)
        assert enrolment_of(enrolment.encounter_id, viewer=bare.nurse, now=now) == enrolment.id
        zone = zone_of(viewer=bare.nurse)
    assert (plan.title, plan.word) == ("出院后随访", "随访中")
    assert [step.code for step in plan.steps] == ["dc.d1", "dc.d3", "dc.d7", "dc.d30"]
    assert [str(step.due_at.astimezone(zone).date()) for step in plan.steps] == [
        "2026-11-25", "2026-11-27", "2026-12-01", "2026-12-24",
    ]  # fmt: skip


def test_what_happened_before_the_source_went_live_starts_nothing(bare, now):
    publish_pathways(by=bare.by, now=now)
    patient = make_patient(by=bare.by, now=now)
    make_stay(patient_id=patient, discharged_at=now - 2 * HOUR, is_live=False, by=bare.by, now=now)
    bare.settle(now)
    assert enrolments(bare, now, patient) == []


def test_a_discharge_delivered_twice_enrols_once(ward, now):
    known = ward.enrolment_row(now)
    event = PatientDischarged(**about(ward, now, known.encounter_id), discharged_at=known.anchor_at)
    twice(reactions.start_follow_up, event, ward, now)
    assert [one.id for one in enrolments(ward, now)] == [ward.enrolment]


def test_a_discharge_without_a_published_pathway_is_not_swallowed(bare, now):
    patient = make_patient(by=bare.by, now=now)
    stay = make_stay(patient_id=patient, discharged_at=now, by=bare.by, now=now)
    bare.patient = patient
    event = PatientDischarged(**about(bare, now, stay), discharged_at=now)
    with pytest.raises(NotPublished):
        twice(reactions.start_follow_up, event, bare, now)


def test_a_cancelled_discharge_withdraws_all_and_a_new_one_begins_anew(bare, now):
    publish_pathways(by=bare.by, now=now)
    bare.patient = make_patient(by=bare.by, now=now)
    make_stay(patient_id=bare.patient, discharged_at=now - DAY, source_key="V1", by=bare.by, now=now)
    bare.settle(now)
    bare.tick(now)
    assert len(bare.messages(now)) == 1
    cancel_discharge(patient_id=bare.patient, source_key="V1", by=bare.by, now=now + HOUR)
    bare.settle(now + HOUR)
    [first] = enrolments(bare, now)
    assert (first.state, first.ended_by) == ("withdrawn", "discharge_cancelled")
    assert [one.state for one in bare.messages(now)] == ["cancelled"]
    ended = EncounterSaid("V1", event="discharge", class_="inpatient", ended_at=now + 2 * HOUR)
    said = FactsSaid(
        patient_id=bare.patient,
        source="his",
        source_at=now + 2 * HOUR,
        received_at=now,
        is_live=True,
        encounter=ended,
    )
    receive_facts(items=[said], by=bare.by, now=now + 3 * HOUR)
    bare.settle(now + 3 * HOUR)
    assert [one.state for one in enrolments(bare, now)] == ["withdrawn", "active"]


def test_readmission_pauses_without_a_trace_of_work_and_its_cancellation_goes_on(ward, now):
    ward.tick(now)
    stay = admit(ward, now + HOUR)
    event = PatientAdmitted(**about(ward, now + HOUR, stay))
    twice(reactions.pause_follow_up, event, ward, now + HOUR)
    assert ward.enrolment_row(now).state == "paused"
    assert ward.tick(now + 10 * DAY) == 0
    assert ward.items(now) == [] and {one.state for one in ward.messages(now)} == {"cancelled"}
    later = now + 5 * DAY
    twice(reactions.undo_admission, AdmissionCancelled(**about(ward, later, stay)), ward, later)
    assert ward.enrolment_row(later).state == "active"
    assert ward.states(later) == ["cancelled", "cancelled", "planned", "planned"]
    assert ward.step("dc.d1", later).reason == "paused_too_long"
    ward.tick(later)
    assert ward.states(later) == ["cancelled", "cancelled", "due", "planned"]


def test_a_second_discharge_plans_by_itself_and_ends_the_first(ward, now):
    make_stay(patient_id=ward.patient, discharged_at=now + DAY, by=ward.by, now=now + DAY)
    ward.settle(now + DAY)
    first, second = enrolments(ward, now)
    assert (first.state, first.ended_by, second.state) == ("withdrawn", "discharged_again", "active")


def test_death_stops_everything_and_sends_nothing(ward, now):
    ward.tick(now)
    ward.tick(now + 3 * HOUR)
    assert ward.items(now)
    record_death(patient_id=ward.patient, died_at=now, by=ward.by, now=now + 3 * HOUR)
    ward.settle(now + 3 * HOUR)
    assert ward.enrolment_row(now).state == "stopped"
    assert set(ward.states(now)) == {"cancelled"}
    assert ward.items(now) == [] and {one.state for one in ward.messages(now)} == {"cancelled"}
    assert ward.tick(now + 40 * DAY) == 0


def test_withdrawn_consent_ends_the_following(ward, now):
    ward.tick(now)
    withdraw_consent(patient_id=ward.patient, purpose="care", channel="counter", by=ward.by, now=now)
    ward.settle(now)
    row = ward.enrolment_row(now)
    assert (row.state, row.ended_by) == ("withdrawn", "consent_withdrawn")
    assert ward.tick(now + 9 * DAY) == 0


def test_a_sealed_record_makes_neither_plan_nor_message_nor_work(ward, now):
    set_label(patient_id=ward.patient, label=5, by=ward.by, now=now)
    for day in range(12):
        ward.tick(now + day * DAY)
    assert ward.messages(now) == [] and ward.items(now) == []
    sealed = make_patient(by=ward.by, now=now)
    set_label(patient_id=sealed, label=5, by=ward.by, now=now)
    make_stay(patient_id=sealed, discharged_at=now, by=ward.by, now=now)
    ward.settle(now)
    assert enrolments(ward, now, sealed) == []


def test_refusal_is_for_good_even_when_the_discharge_is_told_again(ward, now):
    apply_life_event(patient_id=ward.patient, event="refused", by=ward.by, now=now)
    known = ward.enrolment_row(now)
    event = PatientDischarged(**about(ward, now, known.encounter_id), discharged_at=known.anchor_at)
    twice(reactions.start_follow_up, event, ward, now)
    assert [one.state for one in enrolments(ward, now)] == ["withdrawn"]


def test_a_pathway_is_published_once_and_never_changed(ward, now, tmp_path):
    assert publish_pathways(by=ward.by, now=now) == []
    text = (CONTENT / "post_discharge.yaml").read_text("utf-8")
    (tmp_path / "changed.yaml").write_text(text.replace("title: 出院后随访", "title: 改过的标题"), "utf-8")
    with pytest.raises(PublishedAlready, match="改过的标题第 1 版"):
        publish_pathways(by=ward.by, now=now, folder=tmp_path)
    with pytest.raises(DatabaseError, match="never changes"), transaction.atomic():
        PathwayVersion.objects.update(title="改过的标题")


def test_a_pathway_that_contradicts_its_examples_is_not_published(bare, now, tmp_path):
    text = (CONTENT / "post_discharge.yaml").read_text("utf-8")
    (tmp_path / "wrong.yaml").write_text(text.replace("+7d[-1,+2]", "+8d[-1,+2]"), "utf-8")
    with pytest.raises(BadPathway, match="周五上午出院"):
        publish_pathways(by=bare.by, now=now, folder=tmp_path)


def test_the_end_of_all_steps_completes_the_enrolment(ward, now):
    for day in range(60):
        ward.tick(now + day * DAY)
    assert ward.states(now) == ["missed"] * 4
    assert ward.enrolment_row(now).state == "completed"
    assert ward.items(now + timedelta(60)) == []
