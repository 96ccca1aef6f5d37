"""The SQL of the bulk receipt: each statement takes a whole batch, whatever its size (批量语句).

Arrays go in and `unnest` makes rows of them: a statement per row would cost ten times the message itself.
"""

import json
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import connection

from xinqiao.patients.rules.folding import Folded
from xinqiao.patients.rules.matching import Key

FOLDED = (
    "id uuid, name text, pinyin text, initials text, given text, sex text, birth_on date, birth_precision text,"
    " deceased_at timestamptz, nationality text, region text, address_sealed bytea, paper_sex text,"
    " paper_birth_on date, told jsonb"
)
SAID = "id uuid, patient_id uuid, source text, source_at timestamptz, body_sealed bytea"
IDENTIFIER = (
    "id uuid, patient_id uuid, kind text, system text, value_sealed bytea, value_blind bytea, tail_blind bytea,"
    " is_valid bool, source text"
)
CONTACT = (
    "id uuid, patient_id uuid, kind text, value_sealed bytea, value_blind bytea, tail_blind bytea, owner text,"
    " owner_name_sealed bytea, state text, preferred bool, place int, source text"
)
KIN = "id uuid, patient_id uuid, name_sealed bytea, phone_sealed bytea, said_blind bytea, relation text, source text"
ONCE = "ON CONFLICT DO NOTHING"
STANDING = (
    "SELECT id, name, sex, birth_on, birth_precision, deceased_at, nationality, region, address_sealed, paper_sex,"
    " paper_birth_on, told::text FROM patients_patient WHERE id = ANY (%s) ORDER BY id FOR UPDATE"
)
KNOWN = (
    "SELECT i.kind, i.system, i.value_blind, i.patient_id FROM unnest(%s::text[], %s::text[], %s::bytea[])"
    " AS k (kind, system, blind) JOIN patients_identifier i ON i.organisation_id = %s AND i.kind = k.kind"
    " AND i.system = k.system AND i.value_blind = k.blind AND i.is_valid"
)


class Bulk:
    """The statements of one batch in one organisation (一批语句)."""

    def __init__(self, organisation_id: UUID, now: datetime) -> None:
        self.organisation_id, self.now = organisation_id, now

    def known(self, keys: Iterable[Key]) -> dict[Key, UUID]:
        """This function will find the records that these identifiers belong to (按标识查找)."""
        wanted = sorted(set(keys))
        if not wanted:
            return {}
        rows = self._all(KNOWN, [*map(list, zip(*wanted, strict=True)), self.organisation_id])
        return {(kind, system, bytes(blind)): patient for kind, system, blind, patient in rows}

    def lock(self, keys: Iterable[Key]) -> None:
        """This function will make others wait who bring one of these identifiers at the same time (标识排队)."""
        numbers = sorted({int.from_bytes(blind, signed=True) for _, _, blind in keys})
        self._all("SELECT pg_advisory_xact_lock(n) FROM unnest(%s::bigint[]) AS n", [numbers])

    def standing(self, patients: Iterable[UUID]) -> dict[UUID, Folded]:
        """This function will read what stands of these patients, and hold them until the end (锁定现状)."""
        wanted = sorted(set(patients))
        rows = self._all(STANDING, [wanted]) if wanted else []
        return {
            row[0]: Folded(*(*row[1:8], bytes(row[8] or b"") or "", *row[9:11], json.loads(row[11])))
            for row in rows
        }

    def add_patients(self, rows: list[tuple]) -> None:
        """This function will insert new records (新建档案)."""
        names = self._columns(FOLDED)
        self._rows(
            rows,
            FOLDED,
            f"INSERT INTO patients_patient (organisation_id, label, informed, created_at, recomputed_at, {names})"
            f" SELECT %s, 4, 'unknown', %s, %s, {names} FROM",
            [self.organisation_id, self.now, self.now],
        )

    def change_patients(self, rows: list[tuple]) -> None:
        """This function will write what stands now (更新归并结果)."""
        columns = ", ".join(f"{name} = t.{name}" for name in self._columns(FOLDED).split(", ")[1:])
        sql = f"UPDATE patients_patient p SET recomputed_at = %s, {columns} FROM"
        self._rows(rows, FOLDED, sql, [self.now], "WHERE p.id = t.id")

    def add_snapshots(self, rows: list[tuple]) -> None:
        """This function will keep what each source said (保存快照)."""
        self._insert("patients_snapshot", "received_at", SAID, rows)

    def add_identifiers(self, rows: list[tuple]) -> None:
        """This function will add identifiers not yet known; one that is another's stays with him (新增标识)."""
        self._insert("patients_identifier", "created_at", IDENTIFIER, rows, ONCE)

    def add_lines(self, contacts: list[tuple], kin: list[tuple]) -> None:
        """This function will add ways to reach patients, and their relatives (新增联系方式与联系人)."""
        self._insert("patients_contactpoint", "created_at", CONTACT, contacts)
        self._insert("patients_kin", "created_at", KIN, kin)

    def lines(self, patients: Iterable[UUID]) -> list[tuple]:
        """This function will list the current contact points and kin: (table, id, patient, source, key) (现有明细)."""
        wanted = list(patients)
        rows = self._all(
            "SELECT 'phones', id, patient_id, source, kind, value_blind, owner, state FROM patients_contactpoint"
            " WHERE patient_id = ANY (%s) AND superseded_at IS NULL"
            " UNION ALL SELECT 'kin', id, patient_id, source, '', said_blind, '', '' FROM patients_kin"
            " WHERE patient_id = ANY (%s) AND superseded_at IS NULL",
            [wanted, wanted],
        )
        return [(*row[:5], bytes(row[5]), *row[6:]) for row in rows]

    def supersede(self, contacts: list[UUID], kin: list[UUID]) -> None:
        """This function will end lines that their source no longer says (停用明细)."""
        for table, ids in (("contactpoint", contacts), ("kin", kin)):
            if ids:
                self._run(
                    f"UPDATE patients_{table} SET superseded_at = %s WHERE id = ANY (%s)", [self.now, ids]
                )

    def _insert(self, table: str, stamped: str, shape: str, rows: list[tuple], ending: str = "") -> None:
        into = f"INSERT INTO {table} (organisation_id, {stamped}, {self._columns(shape)}) SELECT %s, %s, {self._columns(shape)} FROM"
        self._rows(rows, shape, into, [self.organisation_id, self.now], ending)

    def _rows(self, rows: list[tuple], shape: str, before: str, given: list, ending: str = "") -> None:
        if not rows:
            return
        kinds = [column.split()[1] for column in shape.split(", ")]
        arrays = ", ".join(f"%s::{kind}[]" for kind in kinds)
        sql = f"{before} unnest({arrays}) AS t ({self._columns(shape)}) {ending}"
        self._run(sql, [*given, *map(list, zip(*rows, strict=True))])

    def _run(self, sql: str, given: list) -> None:
        with connection.cursor() as cursor:
            cursor.execute(sql, given)

    def _all(self, sql: str, given: list) -> list[tuple]:
        with connection.cursor() as cursor:
            cursor.execute(sql, given)
            return cursor.fetchall()

    def _columns(self, shape: str) -> str:
        return ", ".join(column.split()[0] for column in shape.split(", "))
