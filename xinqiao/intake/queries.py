"""Asking the inbox: what is next, what needs a person, how the sources are (收件箱查询)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection
from django.db.models import Count

from xinqiao.intake.models import Inbox, Source
from xinqiao.intake.rules import UnknownSource, is_live
from xinqiao.kit.actor import Actor
from xinqiao.kit.crypto import blind, keystore, open_with
from xinqiao.kit.errors import NotFound

BODY = "intake.body"
LISTED = 100

# A head is the earliest message of its patient still to be done. Its row lock keeps other workers from it, the
# advisory lock keeps them from the patient: a message that committed late, or was retried, may be another head.
HEADS = """
WITH heads AS MATERIALIZED (
  SELECT i.id, i.order_key FROM intake_inbox i
  WHERE i.organisation_id = %s AND i.state = 'received'
    AND i.source_id IN (SELECT s.id FROM intake_source s WHERE s.kind = ANY (%s))
    AND NOT EXISTS (SELECT FROM intake_inbox e WHERE e.organisation_id = i.organisation_id
      AND e.order_key = i.order_key AND e.state = 'received' AND e.seq < i.seq)
  ORDER BY i.seq LIMIT %s FOR UPDATE OF i SKIP LOCKED)
SELECT id, order_key FROM heads WHERE order_key IS NULL
  OR pg_try_advisory_xact_lock(('x' || encode(order_key, 'hex'))::bit(64)::bigint)
"""
BATCH = """
SELECT i.id, i.source_id, s.code, s.zone, s.charset, s.go_live_at, i.control_id, i.kind, i.event_at,
  i.received_at, i.seq, i.body_sealed
FROM intake_inbox i JOIN intake_source s ON s.id = i.source_id
WHERE i.organisation_id = %s AND i.state = 'received' AND s.kind = ANY (%s)
  AND (i.id = ANY (%s) OR i.order_key = ANY (%s))
ORDER BY i.seq LIMIT %s
"""
HEALTH = """
SELECT s.id, s.code, s.name, s.kind, s.is_active, s.go_live_at,
  (SELECT max(received_at) FROM intake_inbox i WHERE i.source_id = s.id),
  min(o.received_at) FILTER (WHERE o.state = 'received'),
  count(*) FILTER (WHERE o.state = 'received'), count(*) FILTER (WHERE o.state = 'waiting'),
  count(*) FILTER (WHERE o.state = 'quarantined'),
  (SELECT count(*) FROM intake_inbox i WHERE i.source_id = s.id AND i.received_at > %s)
FROM intake_source s LEFT JOIN intake_inbox o
  ON o.source_id = s.id AND o.organisation_id = s.organisation_id
  AND o.state IN ('received', 'waiting', 'quarantined')
WHERE s.organisation_id = %s GROUP BY s.id ORDER BY s.code
"""


@dataclass(frozen=True, slots=True)
class Claimed:
    """One message taken for applying; `is_live` unless it happened before its source went live (待处理报文)."""

    id: UUID
    source_id: UUID
    source: str
    zone: str
    charset: str
    go_live_at: datetime | None
    control_id: str
    kind: str
    event_at: datetime | None
    received_at: datetime
    seq: int
    body: bytes

    @property
    def is_live(self) -> bool:
        return is_live(self.go_live_at, self.event_at or self.received_at)


@dataclass(frozen=True, slots=True)
class Held:
    """A message that waits for a person or for its patient, as it is listed (异常报文)."""

    id: UUID
    source: str
    control_id: str
    kind: str
    state: str
    reason: str
    detail: str
    received_at: datetime
    attempts: int
    conflict: bool


@dataclass(frozen=True, slots=True)
class SourceHealth:
    """How one source is doing; `lag` is the age of its oldest message not yet applied (来源健康)."""

    id: UUID
    code: str
    name: str
    kind: str
    is_active: bool
    go_live_at: datetime | None
    last_received_at: datetime | None
    lag: timedelta
    received: int
    waiting: int
    quarantined: int
    last_day: int


def order_key(organisation_id: UUID, identifier: str, *, viewer: Actor) -> bytes:
    """This function will give the key by which one patient's messages are kept in order (顺序键)."""
    return blind("intake.order", organisation_id, identifier)


def organisations_with_work(kinds: tuple[str, ...], *, viewer: Actor) -> list[UUID]:
    """This function will list the organisations whose inbox has something to apply, ids only (有待处理的机构)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM intake_organisations(%s)", [list(kinds)])
        return [row[0] for row in cursor]


def claim(kinds: tuple[str, ...], *, viewer: Actor, limit: int = 20) -> list[Claimed]:
    """This function will take the next messages, patient by patient in order, for this transaction (领取报文).

    No other worker gets a message of the same patients until the transaction ends. What is quarantined or waits
    for its patient holds nobody up: the next message may be the one that brings the patient.
    """
    org, wanted = viewer.organisation_id, list(kinds)
    with connection.cursor() as cursor:
        cursor.execute(HEADS, [org, wanted, limit])
        heads = cursor.fetchall()
        if not heads:
            return []
        keys = [key for _, key in heads if key is not None]
        cursor.execute(BATCH, [org, wanted, [head for head, _ in heads], keys, limit])
        rows = cursor.fetchall()
    opened = keystore().keys([row[0] for row in rows], create=False)
    return [Claimed(*(*row[:-1], open_with(opened[row[0]], row[-1], BODY))) for row in rows]


def held_messages(
    *, viewer: Actor, state: str = "quarantined", reason: str = "", before: int | None = None
) -> list[tuple[int, Held]]:
    """This function will list up to 100 messages that wait, latest first, each with its number to page by (异常报文)."""
    found = Inbox.objects.filter(organisation_id=viewer.organisation_id, state=state).order_by("-seq")
    if reason:
        found = found.filter(reason=reason)
    if before is not None:
        found = found.filter(seq__lt=before)
    columns = (
        "id",
        "source__code",
        "control_id",
        "kind",
        "state",
        "reason",
        "detail",
        "received_at",
        "attempts",
    )
    rows = found.values_list("seq", *columns, "conflict")[:LISTED]
    return [(row[0], Held(*row[1:])) for row in rows]


def counts(*, viewer: Actor) -> dict[tuple[str, str], int]:
    """This function will count what is still open, by state and reason (异常计数)."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT state, reason, count(*) FROM intake_inbox WHERE organisation_id = %s"
            " AND state IN ('received', 'quarantined', 'waiting') GROUP BY state, reason",
            [viewer.organisation_id],
        )
        return {(state, reason): number for state, reason, number in cursor}


def has_waiting(*, viewer: Actor) -> bool:
    """This function will say whether any message of the organisation waits for its patient (有无等待)."""
    return Inbox.objects.filter(organisation_id=viewer.organisation_id, state="waiting").exists()


def count_states(inbox_ids: Iterable[UUID], *, viewer: Actor) -> dict[str, int]:
    """This function will count these messages by what has become of them so far (处理进度)."""
    mine = Inbox.objects.filter(organisation_id=viewer.organisation_id, id__in=list(inbox_ids))
    return dict(mine.values_list("state").annotate(number=Count("id")))


def lag(*, viewer: Actor, now: datetime) -> timedelta:
    """This function will give the age of the oldest message not yet applied (积压时长)."""
    waiting = Inbox.objects.filter(organisation_id=viewer.organisation_id, state="received").order_by("seq")
    oldest = waiting.values_list("received_at", flat=True).first()
    return max(now - oldest, timedelta()) if oldest else timedelta()


def source_health(*, viewer: Actor, now: datetime) -> list[SourceHealth]:
    """This function will say of each source how far behind it is and what is stuck (来源健康)."""
    with connection.cursor() as cursor:
        cursor.execute(HEALTH, [now - timedelta(days=1), viewer.organisation_id])
        rows = cursor.fetchall()
    return [
        SourceHealth(*(*row[:7], max(now - row[7], timedelta()) if row[7] else timedelta(), *row[8:]))
        for row in rows
    ]


def sources(*, viewer: Actor) -> list[Source]:
    """This function will list the organisation's sources by code (消息来源)."""
    return list(Source.objects.filter(organisation_id=viewer.organisation_id).order_by("code"))


def get_source(code: str, *, viewer: Actor) -> Source:
    """This function will give an active source by its code; raises UnknownSource (取来源)."""
    found = Source.objects.filter(organisation_id=viewer.organisation_id, code=code, is_active=True).first()
    if found is None:
        raise UnknownSource
    return found


def read_body(inbox_id: UUID, *, viewer: Actor) -> bytes:
    """This function will give a message's bytes as received; raises NotFound, or KeyDestroyed after erasure (原文)."""
    found = (
        Inbox.objects.filter(organisation_id=viewer.organisation_id, id=inbox_id)
        .values_list("body_sealed")
        .first()
    )
    if found is None:
        raise NotFound
    return open_with(keystore().key(inbox_id, create=False), found[0], BODY)


def listening_sources(*, viewer: Actor) -> list[Source]:
    """This function will list every active HL7 source that sends over the wire, by its line (监听的来源)."""
    return list(Source.objects.filter(kind="hl7v2", is_active=True, line__isnull=False).order_by("line"))
