"""Patients by the hundred thousand, by COPY (批量装载): first loads, the demo, measurements.

COPY is refused under row security, so the command line gives a connection of the tables' owner. Nothing is told to
the rooms above: history neither sends nor makes work.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import batched
from uuid import UUID

from psycopg import Connection

from xinqiao.audit.operations import concerning, operation
from xinqiao.kit.actor import Actor
from xinqiao.patients.operations.bulk import FOLDED, IDENTIFIER, ONCE, Bulk
from xinqiao.patients.operations.receiving import Receipt
from xinqiao.patients.rules.demographics import Demographics

BATCH = 2_000
VALID = IDENTIFIER.split(", ").index("is_valid bool")


@operation
def load_patients(
    *, rows: Iterable[Demographics], connection: Connection, by: Actor, now: datetime
) -> list[UUID]:
    """This function will load many patients and give their ids in the order of the rows (批量装载患者).

    Those whose identifiers are already on record are updated as by a message, so a second run doubles nobody. One
    audit line for the whole. Each batch commits by itself.
    """
    loaded: list[UUID] = []
    for batch in batched(rows, BATCH):
        with connection.transaction():
            bulk = CopyBulk(by.organisation_id, now, connection)
            loaded += Receipt(list(batch), by, now, bulk=bulk).write()
    concerning(loaded=len(loaded))
    return loaded


class CopyBulk(Bulk):
    """The statements of one batch, over the owner's connection, with COPY where only rows are added (装载语句)."""

    def __init__(self, organisation_id: UUID, now: datetime, connection: Connection) -> None:
        super().__init__(organisation_id, now)
        self.connection = connection

    def add_patients(self, rows: list[tuple]) -> None:
        """This function will copy new records in (装载档案)."""
        stamped = (self.organisation_id, 4, "unknown", self.now, self.now)
        columns = "organisation_id, label, informed, created_at, recomputed_at"
        self._copy("patients_patient", columns, FOLDED, stamped, rows)

    def _insert(self, table: str, stamped: str, shape: str, rows: list[tuple], ending: str = "") -> None:
        self._copy(table, f"organisation_id, {stamped}", shape, (self.organisation_id, self.now), rows)

    def add_identifiers(self, rows: list[tuple]) -> None:
        """This function will copy new identifiers in; a wrong one may have been said before (装载标识)."""
        super().add_identifiers([row for row in rows if row[VALID]])
        Bulk._insert(
            self, "patients_identifier", "created_at", IDENTIFIER, [r for r in rows if not r[VALID]], ONCE
        )

    def _copy(self, table: str, before: str, shape: str, given: tuple, rows: list[tuple]) -> None:
        if not rows:
            return
        columns = f"{before}, {self._columns(shape)}"
        with self.connection.cursor().copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
            for row in self._whole(given, rows):
                copy.write_row(row)

    def _whole(self, given: tuple, rows: list[tuple]) -> Iterator[tuple]:
        return ((*given, *row) for row in rows)

    def _run(self, sql: str, given: list) -> None:
        self.connection.execute(sql, given)

    def _all(self, sql: str, given: list) -> list[tuple]:
        return self.connection.execute(sql, given).fetchall()
