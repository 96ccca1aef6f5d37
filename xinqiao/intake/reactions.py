"""What the intake does when the index of patients changes (接收反应)."""

from datetime import datetime

from xinqiao.intake.operations import release_waiting
from xinqiao.intake.queries import has_waiting, order_key
from xinqiao.kit.actor import Actor
from xinqiao.kit.events import reaction
from xinqiao.patients.events import DemographicsChanged, PatientRegistered
from xinqiao.patients.queries import get_patient


@reaction(PatientRegistered)
def apply_what_waited(event: PatientRegistered, *, by: Actor, now: datetime) -> None:
    """This function will put messages back in the queue that waited for this patient (患者建档后唤醒)."""
    _release(event, by, now)


@reaction(DemographicsChanged)
def apply_what_waited_for_an_identifier(event: DemographicsChanged, *, by: Actor, now: datetime) -> None:
    """This function will put messages back in the queue that waited for a new identifier (标识补齐后唤醒)."""
    _release(event, by, now)


def _release(event: PatientRegistered | DemographicsChanged, by: Actor, now: datetime) -> None:
    if not has_waiting(viewer=by):  # nearly always: a patient's card is dear, and most wait for nobody
        return
    known = get_patient(event.patient_id, viewer=by, now=now).identifiers
    keys = [order_key(event.organisation_id, number.value, viewer=by) for number in known]
    release_waiting(order_keys=keys, by=by, now=now)
