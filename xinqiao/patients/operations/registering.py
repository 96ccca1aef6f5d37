"""What staff enter of a patient by hand (人工建档与更正)."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from xinqiao.audit.operations import concerning, operation
from xinqiao.kit.actor import Actor
from xinqiao.kit.errors import NotFound, Refused
from xinqiao.kit.events import publish
from xinqiao.kit.ids import new_id
from xinqiao.patients.events import DemographicsChanged
from xinqiao.patients.models import Patient
from xinqiao.patients.operations.receiving import Receipt
from xinqiao.patients.queries import readable_patients
from xinqiao.patients.rules.age import local_day
from xinqiao.patients.rules.demographics import Demographics, IdentifierSaid
from xinqiao.patients.rules.papers import WORDS, Kind, read_paper

STAFF = "staff"


@operation
def register_patient(*, said: Demographics, by: Actor, now: datetime) -> UUID:
    """This function will put a person on record as staff entered him (人工建档).

    Whoever already has one of the numbers is updated, not doubled; without any number the record gets one of ours.
    Raises BadPaper for a paper that is wrong: at the counter it can be looked at again.
    """
    for one in said.identifiers:
        if one.kind in WORDS:
            read_paper(one.value, Kind(one.kind), local_day(now))
    numbers = said.identifiers or (IdentifierSaid("other", new_id(now).hex, "xinqiao"),)
    return Receipt([replace(said, source=STAFF, identifiers=numbers)], by, now).take_in()[0]


class DeathImpossible(Refused):
    """去世时间要在出生之后，且不能晚于现在，请核对后重新填写。"""


@operation
def record_death(*, patient_id: UUID, died_at: datetime, by: Actor, now: datetime) -> None:
    """This function will record that a patient has died (登记死亡). Told to the rooms above once.

    It stops all that is done for a patient, so a time that cannot be is refused (DeathImpossible).
    """
    _demand_readable(patient_id, by, now)
    born_on = Patient.objects.values_list("birth_on", flat=True).get(id=patient_id)
    if died_at > now or (born_on and local_day(died_at) < born_on):
        raise DeathImpossible
    said = Demographics(source=STAFF, source_at=now, identifiers=(), deceased_at=died_at)
    Receipt([said], by, now, about=patient_id).take_in()


@operation
def correct_demographics(*, patient_id: UUID, said: Demographics, by: Actor, now: datetime) -> None:
    """This function will let staff correct what is held of a patient (更正患者信息)."""
    _demand_readable(patient_id, by, now)
    Receipt([replace(said, source=STAFF)], by, now, about=patient_id).take_in()


@operation
def set_informed(*, patient_id: UUID, informed: str, by: Actor, now: datetime) -> None:
    """This function will note who knows the diagnosis: self, family_only or unknown (知情状态)."""
    _set(patient_id, by, now, informed=informed)


@operation
def set_label(*, patient_id: UUID, label: int, by: Actor, now: datetime) -> None:
    """This function will set how closely a record is kept, 1 to 5; GB/T 39725 (数据分级)."""
    _set(patient_id, by, now, label=label)


def _demand_readable(patient_id: UUID, by: Actor, now: datetime) -> None:
    """This function will raise NotFound for a patient whom the actor may not read (须可读)."""
    if not readable_patients(by, now).filter(id=patient_id).exists():
        raise NotFound


def _set(patient_id: UUID, by: Actor, now: datetime, **values: object) -> None:
    _demand_readable(patient_id, by, now)
    organisation = Patient.objects.values_list("organisation_id", flat=True).get(id=patient_id)
    Patient.objects.filter(id=patient_id).update(**values, recomputed_at=now)
    concerning(**values)
    publish(
        DemographicsChanged(organisation_id=organisation, occurred_at=now, patient_id=patient_id), now=now
    )
