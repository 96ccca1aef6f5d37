"""What is learnt of a contact point by using it (联系方式状态)."""

from datetime import datetime
from uuid import UUID

from xinqiao.audit.operations import concerning, operation
from xinqiao.kit.actor import Actor
from xinqiao.kit.errors import NotFound, Refused
from xinqiao.kit.events import publish
from xinqiao.patients.events import ContactFailed
from xinqiao.patients.models import CONTACT_STATES, ContactPoint
from xinqiao.patients.queries import readable_patients

FAILED = ("failing", "wrong")


class UnknownState(Refused):
    """联系方式的状态只能是：未核实、有效、多次不通、号码有误。"""


@operation
def mark_contact(*, contact_id: UUID, state: str, by: Actor, now: datetime) -> None:
    """This function will note that a number reaches the patient, fails, or is wrong (标记联系方式).

    The same number said by another source is marked with it. ContactFailed is told when it did not fail before.
    """
    if state not in CONTACT_STATES:
        raise UnknownState
    contact = _usable(contact_id, by, now)
    concerning(contact.patient_id, contact_id=contact_id, state=state)
    same = ContactPoint.objects.filter(patient_id=contact.patient_id, value_blind=contact.value_blind)
    same.filter(superseded_at=None).update(state=state)
    if state in FAILED and contact.state not in FAILED:
        failed = ContactFailed(
            organisation_id=contact.organisation_id,
            occurred_at=now,
            patient_id=contact.patient_id,
            contact_id=contact_id,
        )
        publish(failed, now=now)


@operation
def prefer_contact(*, contact_id: UUID, by: Actor, now: datetime) -> None:
    """This function will make one contact point the first to be used for a patient (首选联系方式)."""
    contact = _usable(contact_id, by, now)
    concerning(contact.patient_id, contact_id=contact_id)
    ContactPoint.objects.filter(patient_id=contact.patient_id, superseded_at=None).update(preferred=False)
    ContactPoint.objects.filter(id=contact_id).update(preferred=True)


def _usable(contact_id: UUID, by: Actor, now: datetime) -> ContactPoint:
    readable = readable_patients(by, now).values("id")
    contact = ContactPoint.objects.select_for_update().filter(id=contact_id, patient__in=readable).first()
    if contact is None:
        raise NotFound
    return contact
