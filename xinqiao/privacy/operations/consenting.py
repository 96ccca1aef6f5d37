"""Giving and withdrawing consent (同意与撤回)."""

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from xinqiao.audit.operations import concerning, operation
from xinqiao.kit.actor import Actor
from xinqiao.kit.crypto import seal
from xinqiao.kit.errors import Conflict, NotFound, Refused
from xinqiao.kit.events import publish
from xinqiao.kit.ids import new_id
from xinqiao.patients.queries import readable_patients
from xinqiao.patients.rules.age import local_day
from xinqiao.privacy.events import ConsentChanged
from xinqiao.privacy.models import Consent
from xinqiao.privacy.rules import PURPOSES, needs_guardian


class GuardianNeeded(Refused):
    """患者未满十四周岁，须由监护人同意。请由监护人办理。"""


class UnknownPurpose(Refused):
    """没有这一项同意，请从列出的用途中选择。"""


@operation
def give_consent(
    *,
    patient_id: UUID,
    purpose: str,
    text_version: str,
    channel: str,
    evidence: str = "",
    by_whom: str = "self",
    by: Actor,
    now: datetime,
) -> UUID:
    """This function will record a consent to one purpose, with the text that was read and how (同意).

    For a child below fourteen only a guardian consents (PIPL 第三十一条); raises GuardianNeeded.
    """
    birth_on = _readable(patient_id, by, now)["birth_on"]
    if by_whom != "guardian" and needs_guardian(birth_on, local_day(now)):
        raise GuardianNeeded
    return _say(patient_id, purpose, True, text_version, channel, evidence, by_whom, by, now)


@operation
def withdraw_consent(
    *,
    patient_id: UUID,
    purpose: str,
    channel: str,
    evidence: str = "",
    by_whom: str = "self",
    by: Actor,
    now: datetime,
) -> UUID:
    """This function will record that a patient withdraws or refuses one purpose; it always may (撤回)."""
    return _say(patient_id, purpose, False, "", channel, evidence, by_whom, by, now)


def _say(
    patient_id, purpose, granted, text_version, channel, evidence, by_whom, by: Actor, now: datetime
) -> UUID:
    if purpose not in PURPOSES:
        raise UnknownPurpose
    organisation_id = _readable(patient_id, by, now)["organisation_id"]
    word = Consent(
        id=new_id(now),
        organisation_id=organisation_id,
        patient_id=patient_id,
        purpose=purpose,
        granted=granted,
        text_version=text_version,
        channel=channel,
        evidence_sealed=seal(patient_id, evidence, "privacy.evidence") if evidence else None,
        by_whom=by_whom,
        at=now,
    )
    _supersede(word)
    concerning(consent_id=word.id, purpose=purpose, granted=granted)
    changed = ConsentChanged(
        organisation_id=organisation_id,
        occurred_at=now,
        patient_id=patient_id,
        consent_id=word.id,
        purpose=purpose,
    )
    publish(changed, now=now)
    return word.id


def _supersede(word: Consent) -> None:
    """Two words at the same time: the second waits, and is told to look again."""
    stands = Consent.objects.filter(patient_id=word.patient_id, purpose=word.purpose, ended_at=None)
    try:
        with transaction.atomic():
            stands.update(ended_at=word.at)
            Consent.objects.bulk_create([word])
    except IntegrityError:
        raise Conflict from None


def _readable(patient_id: UUID, by: Actor, now: datetime) -> dict:
    found = readable_patients(by, now).filter(id=patient_id).values("organisation_id", "birth_on").first()
    if found is None:
        raise NotFound
    return dict(found)
