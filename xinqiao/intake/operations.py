"""Storing what comes in, settling it, and what people do with what got stuck (接收操作)."""

from collections import Counter
from datetime import datetime
from uuid import UUID

from django.db import connection

from xinqiao.audit.operations import concerning, operation
from xinqiao.intake.events import ControlIdReused, MessageQuarantined
from xinqiao.intake.models import Inbox, Source
from xinqiao.intake.queries import BODY
from xinqiao.intake.rules import (
    APPLIED,
    CONFLICT,
    CONFLICT_DETAIL,
    CONFLICT_REASON,
    DISCARDED,
    DUPLICATE,
    OPEN,
    QUARANTINED,
    RECEIVED,
    Incoming,
    Ledger,
    NoReasonGiven,
    NotOpen,
    Result,
    Stored,
    UnknownSource,
    name_of,
)
from xinqiao.kit.actor import Actor
from xinqiao.kit.crypto import digest, keystore, seal_with
from xinqiao.kit.events import publish
from xinqiao.kit.failpoints import fp
from xinqiao.kit.ids import new_id

STORE = """
INSERT INTO intake_inbox (organisation_id, source_id, received_at, id, control_id, body_digest, body_sealed, kind,
  event_at, order_key, state, reason, detail, conflict, attempts, repeats)
SELECT %s, %s, %s, t.id, t.control_id, t.body_digest, t.body_sealed, t.kind, t.event_at, t.order_key, t.state,
  t.reason, t.detail, t.conflict, 0, 0
FROM unnest(%s::uuid[], %s::text[], %s::bytea[], %s::bytea[], %s::text[], %s::timestamptz[], %s::bytea[], %s::text[],
  %s::text[], %s::text[], %s::bool[]) WITH ORDINALITY AS t (id, control_id, body_digest, body_sealed, kind, event_at,
  order_key, state, reason, detail, conflict, place)
ORDER BY t.place
"""
SETTLE = """
UPDATE intake_inbox i SET state = t.state, reason = t.reason, detail = t.detail, settled_at = %s,
  patient_id = coalesce(t.patient_id, i.patient_id), attempts = least(i.attempts + 1, 30000)
FROM unnest(%s::uuid[], %s::text[], %s::text[], %s::text[], %s::uuid[]) AS t (id, state, reason, detail, patient_id)
WHERE i.id = t.id AND i.state = 'received' RETURNING i.id, i.source_id
"""
RELEASE = """
UPDATE intake_inbox SET state = 'received', reason = '', detail = '' WHERE organisation_id = %s
  AND state = 'waiting' AND order_key = ANY (%s)
"""
REPEAT = """
UPDATE intake_inbox i SET repeats = i.repeats + t.times FROM unnest(%s::uuid[], %s::int[]) AS t (id, times)
WHERE i.id = t.id
"""


@operation
def save_source(
    *, code: str, name: str, kind: str, by: Actor, now: datetime, zone: str = "Asia/Shanghai", charset: str = "",
    go_live_at: datetime | None = None, reuses_ids: bool = False, is_active: bool = True, line: int | None = None,
) -> UUID:  # fmt: skip
    """This function will enter a source of the actor's organisation, or change the one of this code (保存来源)."""
    said = {
        "name": name, "kind": kind, "zone": zone, "charset": charset,
        "go_live_at": go_live_at, "reuses_ids": reuses_ids, "is_active": is_active, "line": line,
    }  # fmt: skip
    source, _ = Source.objects.update_or_create(
        organisation_id=by.organisation_id,
        code=code,
        defaults=said,
        create_defaults=said | {"id": new_id(now)},
    )
    concerning(source_id=source.id)
    return source.id


@operation
def store_messages(*, source_id: UUID, messages: list[Incoming], by: Actor, now: datetime) -> list[Stored]:
    """This function will store a group of messages in one INSERT, and say of each what it is (收件).

    A duplicate has the id and the body of one already stored; another body under a known id is a conflict: stored,
    set apart and announced, unless the source reuses ids. A message without an id goes by its body's digest. The
    source's row is locked, so its groups commit in the order in which they are numbered.
    """
    source = Source.objects.select_for_update(no_key=True).filter(id=source_id, is_active=True).first()
    if source is None:
        raise UnknownSource
    digests = [digest(message.body) for message in messages]
    names = [name_of(message.control_id, told) for message, told in zip(messages, digests, strict=True)]
    known = Inbox.objects.filter(source_id=source_id, control_id__in=set(names))
    ledger = Ledger(known.values_list("control_id", "body_digest", "id"), reuses_ids=source.reuses_ids)
    stored = [ledger.enter(name, told, new_id(now)) for name, told in zip(names, digests, strict=True)]
    _insert(source, list(zip(stored, names, digests, messages, strict=True)), now)
    _count_repeats([each.inbox_id for each in stored if each.outcome == DUPLICATE])
    publish(
        *(
            ControlIdReused(
                organisation_id=source.organisation_id,
                occurred_at=now,
                source_id=source.id,
                inbox_id=each.inbox_id,
            )
            for each in stored
            if each.outcome == CONFLICT
        ),
        now=now,
    )
    concerning(source_id=source_id, outcomes=dict(Counter(each.outcome for each in stored)))
    fp("intake.before_commit")
    return stored


@operation
def settle(*, results: list[Result], by: Actor, now: datetime) -> int:
    """This function will write down what became of claimed messages, in one statement, and count them (结案).

    What was applied ties the message's key to its patient, so that shredding the patient shreds the message too.
    A message already settled stays as it is.
    """
    rows = [(r.inbox_id, r.state, r.reason, r.detail[:500], r.patient_id) for r in results]
    with connection.cursor() as cursor:
        cursor.execute(
            SETTLE, [now, *map(list, zip(*rows, strict=True))] if rows else [now, [], [], [], [], []]
        )
        settled = dict(cursor.fetchall())
    done = [each for each in results if each.inbox_id in settled]
    keystore().tie([(each.inbox_id, each.patient_id) for each in done if each.patient_id])
    publish(
        *(
            MessageQuarantined(
                organisation_id=by.organisation_id, occurred_at=now,
                source_id=settled[each.inbox_id], inbox_id=each.inbox_id, reason=each.reason,
            )
            for each in done
            if each.state == QUARANTINED
        ),
        now=now,
    )  # fmt: skip
    patients = [each.patient_id for each in done if each.patient_id and each.state == APPLIED]
    concerning(*patients, outcomes=dict(Counter(each.state for each in done)))
    fp("intake.before_settled")
    return len(done)


@operation
def release_waiting(*, order_keys: list[bytes], by: Actor, now: datetime) -> int:
    """This function will put messages back in the queue whose patient has arrived, and count them (唤醒等待)."""
    with connection.cursor() as cursor:
        cursor.execute(RELEASE, [by.organisation_id, order_keys])
        released = cursor.rowcount
    concerning(released=released)
    return released


@operation
def retry(*, inbox_id: UUID, by: Actor, now: datetime) -> None:
    """This function will put one stuck message back in the queue; raises NotOpen (重试)."""
    again = Inbox.objects.filter(organisation_id=by.organisation_id, id=inbox_id, state__in=OPEN)
    if not again.update(state=RECEIVED, reason="", detail=""):
        raise NotOpen
    concerning(inbox_id=inbox_id)


@operation
def retry_all(*, reason: str, by: Actor, now: datetime) -> int:
    """This function will put all messages stuck for one reason back in the queue, and count them (批量重试)."""
    stuck = Inbox.objects.filter(organisation_id=by.organisation_id, state=QUARANTINED, reason=reason)
    again = stuck.update(state=RECEIVED, reason="", detail="")
    concerning(reason=reason, retried=again)
    return again


@operation
def discard(*, inbox_id: UUID, reason: str, by: Actor, now: datetime) -> None:
    """This function will end a stuck message with the reason a person gave; it stays stored (放弃).

    Raises NoReasonGiven, NotOpen.
    """
    why = reason.strip()
    if len(why) < 2:
        raise NoReasonGiven
    stuck = Inbox.objects.filter(organisation_id=by.organisation_id, id=inbox_id, state__in=OPEN)
    if not stuck.update(state=DISCARDED, detail=why[:500], settled_at=now):
        raise NotOpen
    concerning(inbox_id=inbox_id)


def _insert(source: Source, entries: list[tuple[Stored, str, bytes, Incoming]], now: datetime) -> None:
    fresh = [entry for entry in entries if entry[0].outcome != DUPLICATE]
    if not fresh:
        return
    keys = keystore().keys([stored.inbox_id for stored, *_ in fresh])
    rows = [_row(keys[entry[0].inbox_id], *entry) for entry in fresh]
    with connection.cursor() as cursor:
        cursor.execute(STORE, [source.organisation_id, source.id, now, *map(list, zip(*rows, strict=True))])


def _row(key: bytes, stored: Stored, name: str, told: bytes, message: Incoming) -> tuple:
    conflict = stored.outcome == CONFLICT
    stuck = (QUARANTINED, CONFLICT_REASON, CONFLICT_DETAIL, True) if conflict else (RECEIVED, "", "", False)
    body = seal_with(key, message.body, BODY)
    return (stored.inbox_id, name, told, body, message.kind, message.event_at, message.order_key, *stuck)


def _count_repeats(repeated: list[UUID]) -> None:
    times = Counter(repeated)
    if times:
        with connection.cursor() as cursor:
            cursor.execute(REPEAT, [list(times), list(times.values())])
