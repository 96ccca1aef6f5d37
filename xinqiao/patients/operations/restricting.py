"""Storing a record and nothing else, or emptying it (限制处理与清空)."""

from datetime import datetime
from typing import Any
from uuid import UUID

from xinqiao.audit.operations import concerning, operation
from xinqiao.kit.actor import Actor
from xinqiao.kit.errors import NotFound
from xinqiao.patients.models import Access, ContactPoint, Identifier, Kin, Patient, Snapshot

EMPTY: dict[str, Any] = {
    "name": "",
    "pinyin": "",
    "initials": "",
    "given": "",
    "sex": "unknown",
    "birth_on": None,
    "birth_precision": "",
    "paper_sex": "",
    "paper_birth_on": None,
    "deceased_at": None,
    "nationality": "",
    "region": "",
    "address_sealed": None,
    "told": {},
}


@operation
def restrict_record(*, patient_id: UUID, by: Actor, now: datetime) -> None:
    """This function will leave a record stored, and closed to all but a legal purpose (限制处理).

    PIPL 第四十七条第二款: while a legal period of keeping runs, all processing but storage stops.
    """
    _change(patient_id, restricted_at=now)


@operation
def reopen_record(*, patient_id: UUID, by: Actor, now: datetime) -> None:
    """This function will open a restricted record again, when its patient comes back for care (恢复处理)."""
    _change(patient_id, restricted_at=None)
    concerning(reopened=True)


@operation
def blank_record(*, patient_id: UUID, by: Actor, now: datetime) -> None:
    """This function will take everything personal out of a record that no law keeps; its bare id stays (清空档案)."""
    for table in (Snapshot, Identifier, ContactPoint, Kin, Access):
        table.objects.filter(patient_id=patient_id).delete()
    _change(patient_id, **EMPTY, restricted_at=now, recomputed_at=now)


def _change(patient_id: UUID, **values: object) -> None:
    if not Patient.objects.filter(id=patient_id).update(**values):
        raise NotFound
