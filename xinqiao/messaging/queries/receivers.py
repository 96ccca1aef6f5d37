"""To whom a message for a patient goes, as things stand now (收件人)."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from xinqiao.kit.actor import Actor
from xinqiao.patients.queries import contact_for, get_patient
from xinqiao.patients.rules.names import surname

STATES = {"ok": "ok", "unverified": "unverified"}
TITLES = {"female": "女士", "male": "先生"}
POLITE = "您好"


@dataclass(frozen=True, slots=True)
class Addressee:
    """One patient as reached by one channel (收件人); `contact` is a word of `rules.sending.Receiver`."""

    contact_id: UUID | None
    address: str
    contact: str
    deceased: bool
    greeting: str

    def __repr__(self) -> str:
        """Name the contact point and nobody (不含个人信息的表示)."""
        return f"Addressee({self.contact_id})"


def addressee_of(patient_id: UUID, channel: str, *, viewer: Actor, now: datetime) -> Addressee:
    """This function will say where a message for a patient goes now, and how it greets there (收件人).

    Somebody else's phone is greeted without the patient's name: who picks it up is not known.
    """
    card = get_patient(patient_id, viewer=viewer, now=now)
    reach = contact_for(patient_id, channel, viewer=viewer, now=now)
    deceased = card.deceased_at is not None
    if reach is None:
        return Addressee(None, "", "missing", deceased, POLITE)
    own = reach.owner == "self" and card.name and card.sex in TITLES
    greeting = f"{surname(card.name)}{TITLES[card.sex]}" if own else POLITE
    return Addressee(reach.contact_id, reach.value, STATES.get(reach.state, "failed"), deceased, greeting)
