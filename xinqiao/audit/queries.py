"""Checking the chain and reading the log (核验与查阅审计)."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection

from xinqiao.audit.models import Seal
from xinqiao.audit.rules import block_digest, line_digest
from xinqiao.kit.actor import Actor


@dataclass(frozen=True)
class Verdict:
    """What a check of one organisation's chain found (核验结果)."""

    organisation_id: UUID | None
    lines: int
    blocks: int
    unsealed: int
    faults: tuple[str, ...]
    head: str


@dataclass(frozen=True)
class Seen:
    """Someone looked at, or changed, something of a patient's (查阅记录)."""

    at: datetime
    action: str
    user_id: UUID | None
    content: str


def accesses(
    patient_id: UUID, *, viewer: Actor, limit: int = 100, before: datetime | None = None
) -> list[Seen]:
    """This function will list who saw or changed this patient's data, newest first (谁看过我的资料)."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT at, action, user_id, content FROM ("
            " (SELECT at, action, user_id, content FROM audit_line"
            "  WHERE patient_id = %(p)s AND at < %(b)s ORDER BY at DESC LIMIT %(n)s)"
            " UNION ALL (SELECT s.at, l.action, l.user_id, l.content FROM audit_listed s JOIN audit_line l"
            "  ON l.id = s.line_id WHERE s.patient_id = %(p)s AND s.at < %(b)s ORDER BY s.at DESC LIMIT %(n)s)"
            ") both_kinds ORDER BY at DESC LIMIT %(n)s",
            {"p": patient_id, "n": limit, "b": before or "infinity"},
        )
        return [Seen(*row) for row in cursor]


def verify(organisation_id: UUID | None, *, viewer: Actor, head: str | None = None) -> Verdict:
    """This function will recompute a whole chain and name every fault it finds (核验审计链).

    `head` is the last digest as anchored outside the database (审计锚); with it a cut-off tail is found too.
    """
    faults: list[str] = []
    previous, position, total = b"", (0, 0), 0
    seals = Seal.objects.filter(organisation_id=organisation_id).order_by("block")
    digests = []
    for number, seal in enumerate(seals.iterator()):
        if seal.block != number:
            faults.append(f"第 {number} 块缺失")
        lines = _lines_between(organisation_id, position, (int(seal.last_xid), seal.last_id))
        faults += [
            f"第 {line_id} 行内容被改动" for line_id, content, kept in lines if line_digest(content) != kept
        ]
        digest = block_digest(previous, [kept for _, _, kept in lines])
        if digest != bytes(seal.digest) or len(lines) != seal.lines:
            faults.append(f"第 {seal.block} 块与封条不符（应有 {seal.lines} 行，现有 {len(lines)} 行）")
        previous, position, total = bytes(seal.digest), (int(seal.last_xid), seal.last_id), total + len(lines)
        digests.append(previous.hex())
    if head and head not in digests:
        faults.append("库外留存的审计锚在链上找不到：链尾可能被截断")
    return Verdict(
        organisation_id,
        total,
        len(digests),
        _count_unsealed(organisation_id, position),
        tuple(faults),
        previous.hex(),
    )


def _lines_between(
    organisation_id: UUID | None, after: tuple[int, int], last: tuple[int, int]
) -> list[tuple[int, str, bytes]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, content, digest FROM audit_line WHERE organisation_id IS NOT DISTINCT FROM %s"
            " AND (xid, id) > (%s::text::xid8, %s) AND (xid, id) <= (%s::text::xid8, %s) ORDER BY xid, id",
            [organisation_id, str(after[0]), after[1], str(last[0]), last[1]],
        )
        return [(line_id, content, bytes(digest)) for line_id, content, digest in cursor]


def _count_unsealed(organisation_id: UUID | None, after: tuple[int, int]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM audit_line WHERE organisation_id IS NOT DISTINCT FROM %s"
            " AND (xid, id) > (%s::text::xid8, %s)",
            [organisation_id, str(after[0]), after[1]],
        )
        return cursor.fetchone()[0]
