"""Everything that happened to a patient, newest first (就诊时间轴)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from xinqiao.kit.actor import Actor
from xinqiao.record.queries.reading import readable_ids

FACT = "f.encounter_id, f.{title} AS title, {detail} AS detail, f.status"
RESULT = "concat_ws(' ', f.comparator || coalesce(nullif(f.value_text, ''), f.value::text), nullif(f.unit, ''), nullif(f.flag, ''))"
STAY = (
    "f.id AS encounter_id, f.kind AS title,"
    " concat_ws(' · ', nullif(f.department_text, ''), nullif(f.ward, ''), nullif(f.attending_name, '')) AS detail,"
    " f.status"
)
CURRENT = "AND f.superseded_at IS NULL AND f.is_valid"
BRANCHES = {
    "encounter": ("started_at", STAY, ""),
    "condition": ("at", FACT.format(title="display", detail="f.role"), CURRENT),
    "observation": ("at", FACT.format(title="display", detail=RESULT), CURRENT),
    "report": ("at", FACT.format(title="title", detail="f.author_name"), CURRENT),
    "procedure": ("at", FACT.format(title="display", detail="f.mapped_code"), CURRENT),
    "medication": ("at", FACT.format(title="display", detail="f.text"), CURRENT),
    "immunization": ("at", FACT.format(title="display", detail="coalesce(f.dose_number::text, '')"), CURRENT),
}
KINDS = tuple(BRANCHES)
# Every branch is cut to the page, so that a long life costs no more than a short one. Each record has branches of its
# own: only where the planner sees whose they are does it read a long life by the index, newest first.
BRANCH = """
(SELECT '{kind}' COLLATE "C" AS kind, f.{at} AS at, f.id, f.patient_id, {columns} FROM record_{kind} f
WHERE f.patient_id = %(patient_{place})s {current} {before} ORDER BY f.{at} DESC, f.id DESC LIMIT %(limit)s)
"""
BEFORE = """AND f.{at} <= %(at)s AND (f.{at} < %(at)s OR ('{kind}' COLLATE "C", f.id) < (%(kind)s, %(id)s))"""


@dataclass(frozen=True, slots=True)
class Before:
    """Where the next page begins (翻页位置)."""

    at: datetime
    kind: str
    id: UUID


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the timeline (时间轴条目): `kind` is a key of KINDS; an encounter's title is its class."""

    kind: str
    at: datetime
    id: UUID
    patient_id: UUID
    encounter_id: UUID | None
    title: str
    detail: str
    status: str


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the timeline; `before` asks for the next, None at the end (一页)."""

    entries: tuple[Entry, ...]
    before: Before | None


def timeline(
    patient_id: UUID,
    *,
    viewer: Actor,
    now: datetime,
    before: Before | None = None,
    limit: int = 50,
    kinds: tuple[str, ...] = KINDS,
    among: Sequence[UUID] | None = None,
) -> Page:
    """This function will give one page of what happened to a patient, over all linked records (就诊时间轴)."""
    ids = readable_ids(patient_id, viewer, now, among)
    if not ids or not kinds:
        return Page((), None)
    asked: dict[str, Any] = {f"patient_{place}": one for place, one in enumerate(ids)} | {"limit": limit}
    asked |= {"at": before.at, "kind": before.kind, "id": before.id} if before else {}
    union = " UNION ALL ".join(_branch(kind, place, before) for kind in kinds for place in range(len(ids)))
    sql = f"SELECT * FROM ({union}) every_kind ORDER BY at DESC, kind DESC, id DESC LIMIT %(limit)s"
    with connection.cursor() as cursor:
        cursor.execute(sql, asked)
        entries = tuple(Entry(*row) for row in cursor)
    last = entries[-1] if len(entries) == limit else None
    return Page(entries, Before(last.at, last.kind, last.id) if last else None)


def _branch(kind: str, place: int, before: Before | None) -> str:
    at, columns, current = BRANCHES[kind]
    begins = BEFORE.format(at=at, kind=kind) if before else ""
    return BRANCH.format(kind=kind, at=at, columns=columns, place=place, current=current, before=begins)
