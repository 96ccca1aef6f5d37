"""Whose facts are read (可读档案)."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from xinqiao.kit.actor import Actor
from xinqiao.patients.queries import linked_ids


def readable_ids(
    patient_id: UUID, viewer: Actor, now: datetime, among: Sequence[UUID] | None = None
) -> list[UUID]:
    """This function will give the linked records that the viewer may read (可读的合并档案).

    A page of many panels asks `patients.queries.linked_ids` once and hands its answer on as `among`.
    """
    return linked_ids(patient_id, viewer=viewer, now=now) if among is None else list(among)
