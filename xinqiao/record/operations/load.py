"""Loading a history by COPY (批量装入): for set-up and demonstration, through the owner's own connection."""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime

import psycopg

from xinqiao.audit.operations import concerning, operation
from xinqiao.kit.actor import Actor
from xinqiao.kit.ids import new_id
from xinqiao.record.operations.bulk import Row, Table
from xinqiao.record.operations.latest import LATEST_OF_ALL
from xinqiao.record.operations.rows import KINDS
from xinqiao.record.operations.visits import ENCOUNTERS, SNAPSHOTS, Visits
from xinqiao.record.rules.said import FactsSaid

CHUNK = 2_000


@operation
def load_facts(
    *, items: Iterable[FactsSaid], into: psycopg.Connection, by: Actor, now: datetime
) -> dict[str, int]:
    """This function will COPY a history that is not on record yet, and count the rows by table (装入历史).

    Patients must be on record; all words about one encounter stand side by side, and facts follow the encounter
    that the same item tells. Nothing is announced. The latest results of the actor's whole organisation are rebuilt
    at the end, by one statement. One transaction.
    """
    counted: Counter[str] = Counter()
    with into.transaction():
        for chunk in _chunks(items):
            for table, rows in _tables(chunk, by, now):
                _copy(into, table, rows)
                counted[table.model.__name__] += len(rows)
        into.execute(LATEST_OF_ALL.sql, [by.organisation_id])
    concerning(loaded=dict(counted))
    return dict(counted)


def _chunks(items: Iterable[FactsSaid]) -> Iterator[list[FactsSaid]]:
    """Cut where no visit is cut in two."""
    chunk: list[FactsSaid] = []
    for item in items:
        if len(chunk) >= CHUNK and item.visit_key != chunk[-1].visit_key:
            yield chunk
            chunk = []
        chunk.append(item)
    if chunk:
        yield chunk


def _tables(items: list[FactsSaid], by: Actor, now: datetime) -> Iterator[tuple[Table, list[Row]]]:
    organisation_id = by.organisation_id
    visits = Visits(items, now, are_new=True)
    yield ENCOUNTERS, [visit.row(organisation_id, now) for visit in visits.values()]
    yield SNAPSHOTS, [row for visit in visits.values() for row in visit.snapshots(organisation_id, now)]
    ids = visits.ids()
    for kind in KINDS:
        rows = [
            kind.row(item, said, ids.get(item.visit_key))
            | {"id": new_id(now), "organisation_id": organisation_id}
            for item in items
            for said in getattr(item, kind.said)
        ]
        kind.seal(rows)
        yield kind.table, rows


def _copy(into: psycopg.Connection, table: Table, rows: list[Row]) -> None:
    if not rows:
        return
    names = list(table.columns)
    with into.cursor().copy(f"COPY {table.name} ({', '.join(names)}) FROM STDIN") as copy:
        for row in zip(*table.arrays(rows, names), strict=True):
            copy.write_row(row)
