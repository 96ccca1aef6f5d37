"""What may be done with a patient's data (可否处理)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from xinqiao.kit.actor import Actor
from xinqiao.patients.queries import linked_ids, readable_patients
from xinqiao.privacy.models import Consent
from xinqiao.privacy.rules import PURPOSES, Verdict, judge


@dataclass(frozen=True, slots=True)
class Standing:
    """What stands on one purpose (现行同意)."""

    purpose: str
    word: str
    granted: bool | None
    text_version: str
    at: datetime | None
    verdict: Verdict


def has_consent(patient_id: UUID, purpose: str, *, viewer: Actor, now: datetime) -> Verdict:
    """This function will say whether a purpose is lawful for this patient as things stood at `now`, and why (是否同意).

    A withdrawal on any record linked by a merge counts: it is the same person.
    """
    records = linked_ids(patient_id, viewer=viewer, now=now)
    if patient_id not in records:
        return Verdict(False, "无权处理这位患者的资料，或资料已限制处理")
    return judge(purpose, _strictest(_standing(records, now).filter(purpose=purpose)))


def have_consent(
    patients: Iterable[UUID], purpose: str, *, viewer: Actor, now: datetime
) -> dict[UUID, Verdict]:
    """This function will say the same of many patients, each by its own record, in two queries (批量判定)."""
    readable = set(readable_patients(viewer, now).filter(id__in=list(patients)).values_list("id", flat=True))
    said = dict(_standing(readable, now).filter(purpose=purpose).values_list("patient_id", "granted"))
    return {patient: judge(purpose, said.get(patient)) for patient in readable}


def consents_of(
    patient_id: UUID, *, viewer: Actor, now: datetime, among: Sequence[UUID] | None = None
) -> list[Standing]:
    """This function will list what stands on every purpose (现行同意). `among`: the records known to be readable."""
    readable = linked_ids(patient_id, viewer=viewer, now=now) if among is None else among
    rows = {row.purpose: row for row in _standing([one for one in readable if one == patient_id], now)}
    return [_stands(purpose, rows.get(purpose)) for purpose in PURPOSES]


def _standing(patients: Iterable[UUID], now: datetime):
    current = Q(ended_at=None) | Q(ended_at__gt=now)
    return Consent.objects.filter(current, patient_id__in=patients, at__lte=now)


def _strictest(rows: Iterable[Consent]) -> bool | None:
    said = [row.granted for row in rows]
    return all(said) if said else None


def _stands(purpose: str, row: Consent | None) -> Standing:
    granted = row.granted if row else None
    version, at = (row.text_version, row.at) if row else ("", None)
    return Standing(purpose, PURPOSES[purpose], granted, version, at, judge(purpose, granted))
