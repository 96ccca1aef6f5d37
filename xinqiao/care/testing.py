"""Followed patients for the tests of the rooms above (测试用随访)."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count
from uuid import UUID

from xinqiao.care.models import Step
from xinqiao.care.operations import enrol_patient, publish_pathways
from xinqiao.kit.actor import Actor
from xinqiao.kit.rls import seen_by
from xinqiao.patients.testing import make_patient
from xinqiao.record.operations import receive_facts
from xinqiao.record.queries import encounters
from xinqiao.record.rules.said import EncounterSaid, FactsSaid

# Answers to the form of the first day that are all well.
WELL = {
    "pain": 1,
    "temperature": "36.6",
    "bleeding": "none",
    "nausea": "none",
    "medicines": "all",
    "contact": "same",
    "symptoms": ["none"],
}
FEVER = WELL | {"temperature": "39.1"}
_visits = count(1)


def make_stay(
    *,
    patient_id: UUID,
    by: Actor,
    now: datetime,
    discharged_at: datetime | None = None,
    is_live: bool = True,
    **more,
) -> UUID:
    """This function will put a stay in hospital on record, ended when `discharged_at` is given (新建住院)."""
    key = more.pop("source_key", f"V{next(_visits):06d}")
    said = EncounterSaid(
        source_key=key,
        event="admit",
        class_="inpatient",
        started_at=(discharged_at or now) - timedelta(days=5),
        **more,
    )
    told = [_said(patient_id, said, (discharged_at or now) - timedelta(days=5), now, is_live)]
    if discharged_at:
        ended = replace(said, event="discharge", ended_at=discharged_at)
        told.append(_said(patient_id, ended, discharged_at, now, is_live))
    with seen_by(by, now):
        receive_facts(items=told, by=by, now=now)
        return next(each.id for each in encounters(patient_id, viewer=by, now=now) if each.source_key == key)


def cancel_discharge(*, patient_id: UUID, source_key: str, by: Actor, now: datetime) -> None:
    """This function will take a discharge back, as A13 does (取消出院)."""
    said = EncounterSaid(source_key=source_key, event="cancel_discharge", class_="inpatient")
    receive_facts(items=[_said(patient_id, said, now, now, True)], by=by, now=now)


def make_followed(
    *, by: Actor, now: datetime, discharged_at: datetime, department_id: UUID | None = None, **patient
) -> tuple[UUID, UUID]:
    """This function will enrol one patient after a stay, and give (patient, enrolment) (新建随访中的患者)."""
    publish_pathways(by=by, now=now)
    patient_id = make_patient(by=by, now=now, **patient)
    stay = make_stay(
        patient_id=patient_id, discharged_at=discharged_at, department_id=department_id, by=by, now=now
    )
    return patient_id, enrol_patient(patient_id=patient_id, encounter_id=stay, by=by, now=now)[0]


def step_ids(enrolment_id: UUID, *, viewer: Actor, now: datetime) -> Mapping[str, UUID]:
    """This function will give an enrolment's steps by code (步骤编号)."""
    with seen_by(viewer, now):
        return dict(Step.objects.filter(enrolment_id=enrolment_id).values_list("code", "id"))


def _said(patient_id: UUID, said: EncounterSaid, at: datetime, now: datetime, is_live: bool) -> FactsSaid:
    return FactsSaid(
        patient_id=patient_id, source="his", source_at=at, received_at=now, is_live=is_live, encounter=said
    )
