"""What sources say of patients, taken in by the batch (接收临床数据): the hot path of every message."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from xinqiao.audit.operations import concerning, operation
from xinqiao.kit.actor import Actor
from xinqiao.kit.events import publish
from xinqiao.kit.failpoints import fp
from xinqiao.record.events import ReportArrived
from xinqiao.record.operations.bulk import Row, Statement
from xinqiao.record.operations.latest import LATEST_OF_SOME
from xinqiao.record.operations.versions import Versions
from xinqiao.record.operations.visits import Visits
from xinqiao.record.rules.said import FactsSaid

LOCK = Statement("SELECT pg_advisory_xact_lock(n) FROM unnest(%s::bigint[]) AS n")


@operation
def receive_facts(*, items: list[FactsSaid], by: Actor, now: datetime) -> int:
    """This function will take in what sources say, and give the number of facts that were new (接收临床数据).

    Words may arrive in any order and more than once: the record comes out the same. The number of SQL statements
    does not grow with the number of items. Events are published for live items only, and only for what really
    changed.
    """
    patients = list(dict.fromkeys(item.patient_id for item in items))
    concerning(*patients)
    if not patients:
        return 0
    _lock(patients)
    visits = Visits(items, now)
    news = visits.write(by.organisation_id, now)
    versions = Versions(items, visits.ids(), now)
    written = versions.write(by.organisation_id)
    _recompute(versions)
    publish(*news, *(_arrived(row, by) for row in versions.live_reports()), now=now)
    fp("record.before_commit")
    return written


def _lock(patients: Iterable[UUID]) -> None:
    """Others wait who write the same patients' facts; the order is everybody's, so that none waits in a circle."""
    LOCK.fetch([sorted({int.from_bytes(patient.bytes[8:], signed=True) for patient in patients})])


def _recompute(versions: Versions) -> None:
    touched = sorted(versions.touched())
    if touched:
        LATEST_OF_SOME.run(map(list, zip(*touched, strict=True)))


def _arrived(row: Row, by: Actor) -> ReportArrived:
    return ReportArrived(
        organisation_id=by.organisation_id,
        occurred_at=row["source_at"],
        report_id=row["id"],
        patient_id=row["patient_id"],
    )
