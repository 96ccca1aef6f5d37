"""What was sent to a patient, why or why not, and what came back (消息记录)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from xinqiao.kit.actor import Actor
from xinqiao.kit.crypto import KeyDestroyed
from xinqiao.kit.errors import NotFound
from xinqiao.messaging.models import Inbound, Intent
from xinqiao.messaging.queries.templates import title_of
from xinqiao.messaging.rules.intents import WORDS
from xinqiao.messaging.rules.reasons import words_of
from xinqiao.messaging.rules.sealing import open_part
from xinqiao.messaging.rules.templates import CHANNELS, CLASSES
from xinqiao.patients.queries import linked_ids, readable_patients
from xinqiao.patients.rules.phones import mask_phone


@dataclass(frozen=True, slots=True)
class MessageRow:
    """One message as a page shows it (一条消息)."""

    id: UUID
    patient_id: UUID | None
    subject_id: UUID | None
    title: str
    channel: str
    kind: str
    state: str
    state_words: str
    reasons: tuple[str, ...]
    to: str
    body: str
    at: datetime
    sent_at: datetime | None
    reported_at: datetime | None


@dataclass(frozen=True, slots=True)
class ReplyRow:
    """One reply as a page shows it (一条回复)."""

    id: UUID
    intent_id: UUID | None
    text: str
    digits: str
    is_opt_out: bool
    at: datetime


def messages_of(
    patient_id: UUID,
    *,
    viewer: Actor,
    now: datetime,
    limit: int = 20,
    before: datetime | None = None,
    among: Sequence[UUID] | None = None,
) -> list[MessageRow]:
    """This function will list a patient's messages, the newest first, over all linked records (患者消息).

    `among` are those records, where the caller has asked for them already.
    """
    records = linked_ids(patient_id, viewer=viewer, now=now) if among is None else among
    found = Intent.objects.filter(patient_id__in=records)
    if before:
        found = found.filter(created_at__lt=before)
    return _rows(found.order_by("-created_at")[:limit], viewer)


def read_replies_of(patient_id: UUID, *, viewer: Actor, now: datetime, limit: int = 20) -> list[ReplyRow]:
    """This function will list what a patient answered by text message, the newest first (患者回复)."""
    found = Inbound.objects.filter(patient_id__in=linked_ids(patient_id, viewer=viewer, now=now))
    return [
        ReplyRow(row.id, row.intent_id, _open(row, "text", row.text_sealed), row.digits, row.is_opt_out, row.sent_at)
        for row in found.order_by("-received_at")[:limit]
    ]  # fmt: skip


def unknown_messages(viewer: Actor, *, now: datetime, limit: int = 100) -> list[MessageRow]:
    """This function will list the messages of which nobody knows whether they left (结果待查的消息)."""
    readable = Q(patient_id=None) | Q(patient_id__in=readable_patients(viewer, now).values("id"))
    found = _own(viewer).filter(readable, state="unknown")
    return _rows(found.order_by("attempted_at")[:limit], viewer)


def counts(viewer: Actor, *, since: datetime, until: datetime) -> dict[str, int]:
    """This function will count the organisation's messages by state over a half-open period (消息计数)."""
    found = _own(viewer).filter(created_at__gte=since, created_at__lt=until)
    said = dict(found.order_by().values_list("state").annotate(Count("id")))
    return {state: said.get(state, 0) for state in WORDS}


def get_intent(intent_id: UUID, *, viewer: Actor, now: datetime) -> MessageRow:
    """This function will give one message that the viewer may read, or raise NotFound (查消息)."""
    row = Intent.objects.filter(id=intent_id).first()
    is_own = row is not None and row.patient_id is None and row.organisation_id == viewer.organisation_id
    if row is None or not (is_own or (row.patient_id and linked_ids(row.patient_id, viewer=viewer, now=now))):
        raise NotFound
    return _rows([row], viewer)[0]


def state_of(subject_id: UUID, *, viewer: Actor) -> list[tuple[UUID, str, tuple[str, ...]]]:
    """This function will give (message, state, reason codes) of everything sent about one subject (主题的消息)."""
    found = _own(viewer).filter(subject_id=subject_id).order_by("created_at")
    return [(row.id, row.state, _codes(row)) for row in found]


def _own(viewer: Actor) -> QuerySet[Intent]:
    return Intent.objects.filter(organisation_id=viewer.organisation_id)


def _rows(intents, viewer: Actor) -> list[MessageRow]:
    return [
        MessageRow(
            id=row.id,
            patient_id=row.patient_id,
            subject_id=row.subject_id,
            title=title_of(row.template, viewer=viewer),
            channel=CHANNELS[row.channel],
            kind=CLASSES[row.kind][0],
            state=row.state,
            state_words=WORDS[row.state],
            reasons=tuple(words_of(code) for code in _codes(row)),
            to=_masked(_open(row, "to", row.to_sealed)),
            body=_open(row, "body", row.body_sealed) if row.patient_id else "",
            at=row.sent_at or row.send_at,
            sent_at=row.sent_at,
            reported_at=row.reported_at,
        )
        for row in intents
    ]


def _codes(row: Intent) -> tuple[str, ...]:
    return (*row.decision.get("reasons", ()), *([row.failure] if row.failure else ()))


def _masked(address: str) -> str:
    name, at, host = address.rpartition("@")
    return f"{name[:1]}***@{host}" if at else mask_phone(address)


def _open(row, part: str, sealed: bytes | memoryview | None) -> str:
    if sealed is None:
        return ""
    try:
        return open_part(row.patient_id, row.id, part, sealed)
    except KeyDestroyed:
        return "（已销毁）"
