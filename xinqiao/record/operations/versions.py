"""Facts as they come in: what is new is added, what is corrected is superseded, nothing is overwritten (事实接收).

Versions of one fact are ordered by the source's time, so that they may arrive in any order.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from xinqiao.kit.ids import new_id
from xinqiao.record.operations.bulk import Row, Statement
from xinqiao.record.operations.rows import KINDS, Kind
from xinqiao.record.rules.said import FactsSaid, VisitKey

MARK = ("patient_id", "source", "source_key")
# Current and past versions have an index each; one condition for both would read the patient's whole life.
KNOWN = """
SELECT {number}, f.patient_id, f.source, f.source_key, f.id, f.source_at, f.version, f.superseded_at, f.concept
FROM unnest(%s::uuid[], %s::text[], %s::text[]) AS k (patient_id, source, source_key) CROSS JOIN LATERAL (
  SELECT c.* FROM {table} c WHERE c.patient_id = k.patient_id AND c.source = k.source
    AND c.source_key = k.source_key AND c.superseded_at IS NULL
  UNION ALL SELECT p.* FROM {table} p WHERE p.patient_id = k.patient_id AND p.source = k.source
    AND p.source_key = k.source_key AND p.superseded_at IS NOT NULL) f
"""


@dataclass
class Thread:
    """All versions of one fact: what is stored, which of them is current, what is to be written (一项事实的各版本)."""

    versions: set[bytes] = field(default_factory=set)
    current: Row | None = None
    fresh: list[Row] = field(default_factory=list)
    revised: dict[UUID, Row] = field(default_factory=dict)
    concepts: set[str] = field(default_factory=set)

    def recall(
        self, row_id: UUID, at: datetime, version: bytes, superseded_at: datetime | None, concept: str
    ) -> None:
        """This function will add a version that is stored already (已存版本)."""
        self.versions.add(version)
        if superseded_at is None:
            self.concepts.add(concept)
            self.current = {"id": row_id, "source_at": at, "version": version, "superseded_at": None}

    def add(self, row: Row, now: datetime) -> None:
        """This function will place one version among the others (归入版本)."""
        current = self.current
        if current and row["version"] == current["version"]:
            self._hear_again(current, row)
        elif current is None or _order(row) > _order(current):
            self._replace(row, now)
        elif row["version"] not in self.versions:
            self.fresh.append(row | {"superseded_at": now})
        self.versions.add(row["version"])

    def _hear_again(self, current: Row, row: Row) -> None:
        """The same again, later: it stands against versions said in between."""
        if row["source_at"] > current["source_at"]:
            current["source_at"] = row["source_at"]
            self._note_revision(current)

    def _replace(self, row: Row, now: datetime) -> None:
        if self.current:
            self.current["superseded_at"] = now
            self._note_revision(self.current)
        self.current = row
        self.fresh.append(row)
        self.concepts.add(row["concept"])

    def _note_revision(self, stored: Row) -> None:
        if "id" in stored:
            self.revised[stored["id"]] = stored


class Versions:
    """The facts that one batch says, each beside what is known of it: one SELECT for all kinds (一批事实)."""

    def __init__(
        self, items: list[FactsSaid], encounters: dict[VisitKey | None, UUID], now: datetime
    ) -> None:
        self.now = now
        said = {kind: _rows(kind, items, encounters) for kind in KINDS}
        self.said = {kind: rows for kind, rows in said.items() if rows}
        self.threads: dict[Kind, dict[tuple, Thread]] = {kind: defaultdict(Thread) for kind in self.said}
        if self.said:
            self._recall()
        for kind, rows in self.said.items():
            for row in sorted(rows, key=_order):
                self.threads[kind][_mark(row)].add(row, now)

    def write(self, organisation_id: UUID) -> int:
        """This function will write what is new and what is superseded, two statements a kind at most (写事实)."""
        for kind in self.said:
            fresh = self.fresh(kind)
            for row in fresh:
                row |= {"id": new_id(self.now), "organisation_id": organisation_id}
            kind.seal(fresh)
            revised = [row for thread in self.threads[kind].values() for row in thread.revised.values()]
            kind.table.update(revised, ("superseded_at", "source_at"))
            kind.table.insert(fresh)
        return sum(len(self.fresh(kind)) for kind in self.said)

    def fresh(self, kind: Kind) -> list[Row]:
        """This function will give the new rows of one kind (新增行)."""
        return [row for thread in self.threads[kind].values() for row in thread.fresh]

    def live_reports(self) -> list[Row]:
        """This function will give the reports that are news (新报告)."""
        found = [row for kind in self.said if kind.said == "reports" for row in self.fresh(kind)]
        return [row for row in found if row["is_live"] and row["superseded_at"] is None]

    def touched(self) -> set[tuple[UUID, str]]:
        """This function will give the (patient, concept) whose latest result may have changed (受影响的最新结果)."""
        threads = [
            item for kind in self.said if kind.said == "observations" for item in self.threads[kind].items()
        ]
        changed = [(mark[0], thread) for mark, thread in threads if thread.fresh or thread.revised]
        return {
            (patient_id, concept) for patient_id, thread in changed for concept in thread.concepts if concept
        }

    def _recall(self) -> None:
        asked: list[str] = []
        given: list[list] = []
        for number, (kind, rows) in enumerate(self.said.items()):
            asked.append(KNOWN.format(number=number, table=kind.table.name))
            given += map(list, zip(*{_mark(row) for row in rows}, strict=True))
        kinds = list(self.said)
        for number, *mark, row_id, at, version, superseded_at, concept in Statement(
            " UNION ALL ".join(asked)
        ).fetch(given):
            self.threads[kinds[number]][tuple(mark)].recall(
                row_id, at, bytes(version), superseded_at, concept
            )


def _rows(kind: Kind, items: list[FactsSaid], encounters: dict[VisitKey | None, UUID]) -> list[Row]:
    return [
        kind.row(item, said, encounters.get(item.visit_key))
        for item in items
        for said in getattr(item, kind.said)
    ]


def _mark(row: Row) -> tuple:
    return tuple(row[name] for name in MARK)


def _order(row: Row) -> tuple[datetime, bytes]:
    return row["source_at"], row["version"]
