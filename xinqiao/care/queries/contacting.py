"""Whether a patient may be contacted at all, and how he is best asked (能否联系、怎样联系)."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from xinqiao.care.rules.waking import TEMPLATES, choose_channel, contact_obstacle
from xinqiao.kit.actor import Actor
from xinqiao.patients.queries import contact_for, get_patient, readable_patients
from xinqiao.privacy.queries import has_consent


def contact_obstacle_of(patient_id: UUID, *, viewer: Actor, now: datetime) -> str:
    """This function will name why nothing may be done about a patient, or nothing (不得联系的原因)."""
    readable = readable_patients(viewer, now).filter(id=patient_id)
    known = readable.values_list("deceased_at", "label", "restricted_at").first()
    if known is None:
        return "sealed"
    deceased_at, label, restricted_at = known
    consents = has_consent(patient_id, "care", viewer=viewer, now=now).ok
    return contact_obstacle(deceased_at is not None, label, restricted_at is not None, consents)


def way_to_ask(patient_id: UUID, channels: Iterable[str], *, viewer: Actor, now: datetime) -> str:
    """This function will choose how a patient is asked; who prefers a landline is called (选择询问方式).

    phone, sms, email, or "" when no number is known to call.
    """
    usable = {each for each in TEMPLATES if contact_for(patient_id, each, viewer=viewer, now=now)}
    contacts = get_patient(patient_id, viewer=viewer, now=now).contacts
    prefers_phone = any(one.preferred and one.kind == "landline" for one in contacts)
    channel = choose_channel(channels, usable, prefers_phone)
    if channel == "phone" and contact_for(patient_id, "phone", viewer=viewer, now=now) is None:
        return ""
    return channel
