"""Sealing committed lines into the chain, every second (封存审计行)."""

from datetime import datetime
from pathlib import Path
from uuid import UUID

from django.db import connection, transaction

from xinqiao.audit.rules import block_digest
from xinqiao.kit.actor import system
from xinqiao.kit.crypto import home
from xinqiao.kit.failpoints import fp
from xinqiao.kit.rls import seen_by
from xinqiao.kit.schedule import every

SEALER_LOCK = 0x5EA1


def seal_lines(organisation_id: UUID | None, *, now: datetime, limit: int = 50_000) -> int:
    """This function will seal one organisation's committed lines as the next block, and say how many (封存).

    One sealer at a time (advisory lock). Only lines whose transaction is older than every running one are taken,
    in the order (transaction, id), so that no line committed late is skipped.
    """
    with seen_by(system("audit.sealer", organisation_id), now), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [SEALER_LOCK])
        cursor.execute(
            "SELECT block, digest, last_xid::text, last_id FROM audit_seal"
            " WHERE organisation_id IS NOT DISTINCT FROM %s ORDER BY block DESC LIMIT 1",
            [organisation_id],
        )
        block, previous, last_xid, last_id = cursor.fetchone() or (-1, b"", "0", 0)
        cursor.execute(
            "SELECT id, xid::text AS position, digest FROM audit_line WHERE organisation_id IS NOT DISTINCT FROM %s"
            " AND (xid, id) > (%s::text::xid8, %s) AND xid < pg_snapshot_xmin(pg_current_snapshot())"
            " ORDER BY xid, id LIMIT %s",
            [organisation_id, last_xid, last_id, limit],
        )
        lines = cursor.fetchall()
        if not lines:
            return 0
        digest = block_digest(bytes(previous), [bytes(line[2]) for line in lines])
        cursor.execute(
            "INSERT INTO audit_seal (organisation_id, block, lines, first_id, last_id, last_xid, cluster, digest,"
            " sealed_at) SELECT %s, %s, %s, %s, %s, %s::text::xid8, system_identifier::text, %s, %s"
            " FROM pg_control_system()",
            [organisation_id, block + 1, len(lines), lines[0][0], lines[-1][0], lines[-1][1], digest, now],
        )
        fp("audit.before_seal_commit")
        transaction.on_commit(lambda: _anchor(organisation_id, block + 1, digest, now))
    return len(lines)


@every(1.0)
def seal_all(now: datetime) -> int:
    """This function will seal what was committed since the last second, for every organisation (定时封存)."""
    return sum(seal_lines(organisation_id, now=now) for organisation_id in unsealed_organisations(now=now))


def anchored_heads() -> dict[str, str]:
    """This function will read the last head of each chain as kept outside the database (库外审计锚)."""
    path = home() / "audit-heads.log"
    if not path.exists():
        return {}
    lines = (line.split() for line in path.read_text().splitlines())
    return {organisation: digest for _, organisation, _, digest in lines}


def unsealed_organisations(*, now: datetime) -> list[UUID | None]:
    """This function will list the organisations that have ever written a line (有审计行的机构)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT audit_organisations()")
        return [row[0] for row in cursor]


def _anchor(organisation_id: UUID | None, block: int, digest: bytes, now: datetime) -> None:
    """The head of the chain, written outside the database, so that a cut-off tail is found."""
    path: Path = home() / "audit-heads.log"
    with path.open("a") as heads:
        heads.write(f"{now.isoformat()} {organisation_id or '-'} {block} {digest.hex()}\n")
