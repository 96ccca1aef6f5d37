"""Telling up (往上报): a room announces what happened; the rooms above react, each exactly once.

`publish` writes the outbox row in the caller's transaction. The worker's `deliver` hands each event to the
reactions registered for it; the (event, reaction) row commits together with what the reaction did.
"""

import dataclasses
import json
import logging
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, ClassVar
from uuid import UUID

from django.db import connection, transaction

from xinqiao.kit.actor import Actor, system
from xinqiao.kit.failpoints import fp
from xinqiao.kit.ids import new_id
from xinqiao.kit.rls import seen_by

log = logging.getLogger("xinqiao.events")
LATEST_RETRY = timedelta(minutes=10)

_kinds: dict[str, type["Event"]] = {}
_reactions: dict[str, list[tuple[str, Callable]]] = defaultdict(list)


@dataclass(frozen=True, kw_only=True)
class Event:
    """Something that happened in one organisation, told by ids only (事件)."""

    version: ClassVar[int] = 1
    organisation_id: UUID
    occurred_at: datetime

    def __init_subclass__(cls) -> None:
        _kinds[cls.kind()] = cls

    @classmethod
    def kind(cls) -> str:
        """This function will name the event by its room, as in `record.EncounterEnded` (事件名)."""
        return f"{cls.__module__.split('.')[1]}.{cls.__name__}"


def reaction(kind: type[Event]) -> Callable[[Callable], Callable]:
    """This function will register what a room does when a room below announces something (登记反应)."""

    def enter(function: Callable) -> Callable:
        room = function.__module__.split(".")[1]
        _reactions[kind.kind()].append((f"{room}.{function.__name__}", function))
        return function

    return enter


def reactions_of(kind: type[Event]) -> list[tuple[str, Callable]]:
    """This function will list the reactions to a kind of event, by name (某事件的全部反应)."""
    return list(_reactions[kind.kind()])


def publish(*events: Event, now: datetime) -> None:
    """This function will announce events in the caller's transaction (发布事件)."""
    if not events:
        return
    rows = [
        (new_id(now), event.kind(), event.version, event.organisation_id, event.occurred_at, _payload(event))
        for event in events
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO kit_outbox (event_id, name, version, organisation_id, occurred_at, payload, due_at, attempts,"
            " error) SELECT t.*, %s, 0, '' FROM unnest(%s::uuid[], %s::text[], %s::int[], %s::uuid[],"
            " %s::timestamptz[], %s::jsonb[]) AS t",
            [now, *map(list, zip(*rows, strict=True))],
        )


def deliver(*, now: datetime, limit: int = 100) -> int:
    """This function will hand due events to their reactions and say how many events it took up (投递).

    An event whose reaction fails is tried again later, 5 s, 10 s, 20 s … at most 10 minutes apart; the other
    events and the other reactions to it are not held up.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, event_id, name, version, organisation_id, occurred_at, payload, attempts FROM kit_outbox"
            " WHERE delivered_at IS NULL AND due_at <= %s ORDER BY due_at, id LIMIT %s FOR UPDATE SKIP LOCKED",
            [now, limit],
        )
        rows = cursor.fetchall()
        for row in rows:
            _settle(row[0], row[7], _react_all(row, now), now)
        fp("outbox.before_commit")
    return len(rows)


def backlog(*, now: datetime) -> tuple[int, int]:
    """This function will count the events due and those that failed at least once (积压与失败)."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FILTER (WHERE due_at <= %s), count(*) FILTER (WHERE attempts > 0)"
            " FROM kit_outbox WHERE delivered_at IS NULL",
            [now],
        )
        return cursor.fetchone()


def _payload(event: Event) -> str:
    fields = dataclasses.asdict(event)
    del fields["organisation_id"], fields["occurred_at"]
    return json.dumps(fields, default=str)


def restore(name: str, organisation_id: UUID, occurred_at: datetime, payload: dict | str) -> Event:
    """This function will make the event again from its stored row (还原事件)."""
    kind = _kinds[name]
    fields = json.loads(payload) if isinstance(payload, str) else payload
    for field in dataclasses.fields(kind):
        if field.name in fields and fields[field.name] is not None:
            fields[field.name] = _typed(field.type, fields[field.name])
    return kind(organisation_id=organisation_id, occurred_at=occurred_at, **fields)


def _typed(declared: object, value: object) -> object:
    text = str(declared)
    if "UUID" in text:
        return tuple(UUID(v) for v in value) if isinstance(value, list) else UUID(str(value))
    if "datetime" in text:
        return datetime.fromisoformat(str(value))
    return tuple(value) if isinstance(value, list) else value


def _react_all(row: tuple, now: datetime) -> str:
    """Run every reaction not yet done; the last error, by its class only, or ""."""
    _, event_id, name, _, organisation_id, occurred_at, payload, _ = row
    error = ""
    for reaction_name, function in _reactions[name]:
        by = system(reaction_name, organisation_id)
        try:
            with transaction.atomic():
                _react_once(
                    event_id, reaction_name, function, name, organisation_id, occurred_at, payload, by, now
                )
        except Exception as problem:
            error = f"{reaction_name}: {type(problem).__name__}"
            log.exception("reaction failed", extra={"reaction": reaction_name, "event_id": str(event_id)})
    return error


def _react_once(
    event_id: UUID,
    reaction_name: str,
    function: Callable,
    name: str,
    organisation_id: UUID,
    occurred_at: datetime,
    payload: Any,
    by: Actor,
    now: datetime,
) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO kit_reactiondone (event_id, reaction, done_at) VALUES (%s, %s, %s) ON CONFLICT DO NOTHING",
            [event_id, reaction_name, now],
        )
        if cursor.rowcount == 0:
            return
    with seen_by(by, now):
        function(restore(name, organisation_id, occurred_at, payload), by=by, now=now)
    fp("reaction.before_commit")


def _settle(row_id: int, attempts: int, error: str, now: datetime) -> None:
    with connection.cursor() as cursor:
        if not error:
            cursor.execute("UPDATE kit_outbox SET delivered_at = %s, error = '' WHERE id = %s", [now, row_id])
            return
        wait = min(timedelta(seconds=5 * 2**attempts), LATEST_RETRY)
        cursor.execute(
            "UPDATE kit_outbox SET attempts = LEAST(attempts + 1, 20), due_at = %s, error = %s WHERE id = %s",
            [now + wait, error[:200], row_id],
        )
