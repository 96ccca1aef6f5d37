"""Erasing a patient's data at his wish, as far as the law lets us (擦除与限制处理); see docs/decisions/0010-erasure.md."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from xinqiao.accounts.operations import forget_phone_user
from xinqiao.audit.operations import concerning, operation
from xinqiao.kit.actor import Actor
from xinqiao.kit.crypto import keystore
from xinqiao.kit.errors import NotFound
from xinqiao.kit.events import publish
from xinqiao.kit.holdings import KEEP, Holding, holdings
from xinqiao.kit.ids import new_id
from xinqiao.patients.operations import blank_record, restrict_record
from xinqiao.patients.queries import own_users, readable_patients
from xinqiao.privacy.events import PatientErased
from xinqiao.privacy.models import Erasure

ALWAYS_KEPT = (
    "audit",
    "patients",
    "privacy",
)  # they keep ids and proofs; a clinical record lies in another room


@operation
def restrict_patient(*, patient_id: UUID, by: Actor, now: datetime) -> None:
    """This function will stop all processing of a patient's data but storage (限制处理); PIPL 第四十七条第二款."""
    _organisation_of(patient_id, by, now)
    restrict_record(patient_id=patient_id, by=by, now=now)


@operation
def erase_patient(*, patient_id: UUID, reason: str, by: Actor, now: datetime) -> UUID:
    """This function will erase what no law keeps, and restrict the rest; it gives the erasure's id (擦除患者资料).

    Every installed room's holdings are walked. Where a room must keep a clinical record the patient is restricted;
    where none must, his record is emptied and his key destroyed, so that old backups cannot be read either.
    """
    organisation_id = _organisation_of(patient_id, by, now)
    for user_id in own_users(patient_id, viewer=by, now=now):
        forget_phone_user(user_id=user_id, by=by, now=now)
    deleted, kept = _walk(patient_id)
    statutory = any(count for table, count in kept.items() if table.partition("_")[0] not in ALWAYS_KEPT)
    if statutory:
        restrict_record(patient_id=patient_id, by=by, now=now)
    else:
        blank_record(patient_id=patient_id, by=by, now=now)
        kept = {table: count for table, count in kept.items() if not table.startswith("patients_")}
        transaction.on_commit(lambda: keystore().shred(patient_id))
    outcome = "restricted" if statutory else "erased"
    erasure = Erasure.objects.create(
        id=new_id(now),
        organisation_id=organisation_id,
        patient_id=patient_id,
        outcome=outcome,
        reason=reason,
        deleted=deleted,
        kept=kept,
        at=now,
    )
    concerning(erasure_id=erasure.id, outcome=outcome)
    told: dict[str, Any] = {"organisation_id": organisation_id, "occurred_at": now, "patient_id": patient_id}
    publish(PatientErased(**told, erasure_id=erasure.id), now=now)
    return erasure.id


def _organisation_of(patient_id: UUID, by: Actor, now: datetime) -> UUID:
    found = readable_patients(by, now).filter(id=patient_id).values_list("organisation_id", flat=True).first()
    if found is None:
        raise NotFound
    return found


def _walk(patient_id: UUID) -> tuple[dict[str, int], dict[str, int]]:
    """The upper rooms first, so that nothing points at what is gone."""
    deleted, kept = {}, {}
    for room, holding in reversed(list(holdings())):
        if holding.subject is None:
            continue
        table, column = f"{room}_{holding.model.lower()}", _column(room, holding)
        with connection.cursor() as cursor:
            if holding.erase == KEEP:
                cursor.execute(f"SELECT count(*) FROM {table} WHERE {column} = %s", [patient_id])
                kept[table] = cursor.fetchone()[0]
            else:
                cursor.execute(f"DELETE FROM {table} WHERE {column} = %s", [patient_id])
                deleted[table] = cursor.rowcount
    return deleted, kept


def _column(room: str, holding: Holding) -> str:
    subject = holding.subject or ""
    if "__" in subject:
        raise ValueError(
            f"{room}.{holding.model}: a table that is erased or kept has the patient's own column"
        )
    return subject if subject.endswith("id") else f"{subject}_id"
