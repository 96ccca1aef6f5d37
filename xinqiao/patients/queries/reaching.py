"""How a patient is best reached by one channel (联系途径)."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from xinqiao.kit.actor import Actor
from xinqiao.patients.queries.cards import contacts_of
from xinqiao.patients.queries.readable import can_read

CHANNELS = {"sms": ("mobile",), "phone": ("mobile", "landline", "other"), "email": ("email",)}
STATES = ("ok", "unverified", "failing")


@dataclass(frozen=True, slots=True)
class Reach:
    """One contact point to use (联系途径)."""

    contact_id: UUID
    kind: str
    value: str
    owner: str
    owner_name: str
    state: str


def contact_for(patient_id: UUID, channel: str, *, viewer: Actor, now: datetime) -> Reach | None:
    """This function will choose the contact point for sms, phone or email, or None (选择联系方式).

    Never one known to be wrong; a preferred one first, then the patient's own, then one that is known to work.
    """
    if not can_read(patient_id, viewer=viewer, now=now):
        return None
    usable = [
        one
        for one in contacts_of(patient_id, viewer=viewer)
        if one.kind in CHANNELS[channel] and one.state in STATES
    ]
    usable.sort(key=lambda one: (not one.preferred, one.owner != "self", STATES.index(one.state)))
    if not usable:
        return None
    best = usable[0]
    return Reach(best.id, best.kind, best.value, best.owner, best.owner_name, best.state)
