"""Taking due messages up for sending, each decided on anew (领取待发)."""

import json
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection

from xinqiao.audit.operations import concerning, operation
from xinqiao.directory.queries import get_organisation
from xinqiao.kit.actor import Actor
from xinqiao.kit.crypto import KeyDestroyed
from xinqiao.kit.errors import NotFound
from xinqiao.kit.events import publish
from xinqiao.messaging.events import MessageFailed
from xinqiao.messaging.models import Intent
from xinqiao.messaging.operations import settling
from xinqiao.messaging.queries import Addressee, Case, addressee_of, decision_on, find_template
from xinqiao.messaging.rules.intents import WAITING, move
from xinqiao.messaging.rules.outcomes import Message
from xinqiao.messaging.rules.retrying import LEASE
from xinqiao.messaging.rules.sealing import address_blind, open_part, seal_part
from xinqiao.messaging.rules.templates import render

MENDABLE = ("no_contact", "contact_failed", "too_late")  # refusals after which a person must act


@dataclass(frozen=True)
class Claimed:
    """One attempt that is this worker's own until its lease ends (已领取)."""

    intent_id: UUID
    fence: int
    channel: str
    message: Message


@operation
def claim_due(
    *,
    lane: int,
    instant: datetime,
    by: Actor,
    now: datetime,
    limit: int = 20,
    resting: frozenset[str] = frozenset(),
) -> list[Claimed]:
    """This function will take due messages of one lane up, deciding on each again as things stand now (领取待发).

    Whose turn another worker holds is left to it. Channels that rest are left alone. The lease runs by `instant`, the
    machine's own clock. The caller commits before it calls any channel.
    """
    due = Intent.objects.select_for_update(skip_locked=True).filter(
        organisation_id=by.organisation_id, state__in=WAITING, lane=lane, send_at__lte=now
    )
    claimed = []
    for row in due.exclude(channel__in=resting).order_by("send_at", "id")[:limit]:
        if row.patient_id is None or _is_my_turn(row.patient_id):
            concerning(*([row.patient_id] if row.patient_id else []))
            claimed += _advance(row, instant, by, now)
    concerning(claimed=len(claimed))
    return claimed


def _advance(row: Intent, instant: datetime, by: Actor, now: datetime) -> list[Claimed]:
    if row.state == "held":
        row.state = move(row.state, "release")
    try:
        said = json.loads(open_part(row.patient_id, row.id, "values", row.values_sealed))
        person = _addressee(row, by, now)
    except (KeyDestroyed, NotFound):
        return _refuse(row, ["unreadable"], by, now)
    decision = decision_on(_case(row, person), viewer=by, now=now)
    row.decision = {
        "outcome": decision.outcome,
        "would": decision.would,
        "reasons": [reason.code for reason in decision.reasons],
    }
    if decision.outcome == "refuse":
        return _refuse(row, row.decision["reasons"], by, now)
    if decision.outcome == "hold":
        row.state, row.send_at = move(row.state, "hold"), decision.at or row.send_at
        row.save(update_fields=["state", "send_at", "decision"])
        return []
    return [_attempt(row, person, said, instant, by, now)]


def _attempt(
    row: Intent, person: Addressee, said: dict, instant: datetime, by: Actor, now: datetime
) -> Claimed:
    if address_blind(row.organisation_id, person.address) != bytes(row.to_blind or b""):
        _readdress(row, person, said, by)
    row.state = move(row.state, "claim")
    row.attempt, row.fence = row.attempt + 1, row.fence + 1
    row.lease_ends_at, row.attempted_at = instant + LEASE, now
    row.save()
    organisation = get_organisation(row.organisation_id)
    body = open_part(row.patient_id, row.id, "body", row.body_sealed)
    message = Message(
        key=row.id.hex, organisation=organisation.code, to=person.address, template=row.template,
        signature=organisation.sms_signature, subject=said["subject"], body=body, values=said["values"],
        attempted_at=now,
    )  # fmt: skip
    return Claimed(row.id, row.fence, row.channel, message)


def _readdress(row: Intent, person: Addressee, said: dict, by: Actor) -> None:
    """The contact changed since the request: another address, and the greeting that is right for it."""
    template = find_template(row.template, row.channel, organisation_id=row.organisation_id, viewer=by)
    if template and "greeting" in said["auto"]:
        said["values"]["greeting"] = person.greeting
        written = render(template, said["values"])
        said["subject"] = written.subject
        row.body_sealed = seal_part(row.patient_id, row.id, "body", written.body)
        text = json.dumps(said, ensure_ascii=False)
        row.values_sealed = seal_part(row.patient_id, row.id, "values", text)
    row.contact_id, row.to_blind = person.contact_id, address_blind(row.organisation_id, person.address)
    row.to_sealed = seal_part(row.patient_id, row.id, "to", person.address)


def _refuse(row: Intent, codes: list[str], by: Actor, now: datetime) -> list[Claimed]:
    row.state = move(row.state, "refuse")
    row.decision = row.decision | {"outcome": "refuse", "reasons": codes}
    row.save(update_fields=["state", "decision"])
    if set(codes) & set(MENDABLE):
        publish(settling._told(MessageFailed, row, now), now=now)
    return []


def _addressee(row: Intent, by: Actor, now: datetime) -> Addressee:
    if row.patient_id:
        return addressee_of(row.patient_id, row.channel, viewer=by, now=now)
    address = open_part(None, row.id, "to", row.to_sealed) if row.to_sealed else ""
    return Addressee(None, address, "ok" if address else "missing", False, "")


def _case(row: Intent, person: Addressee) -> Case:
    return Case(
        organisation_id=row.organisation_id, patient_id=row.patient_id, channel=row.channel, kind=row.kind,
        purpose=row.purpose, address=person.address, contact=person.contact, deceased=person.deceased,
        content_blind=bytes(row.content_blind), requested=row.requested, expires_at=row.expires_at, intent_id=row.id,
    )  # fmt: skip


def _is_my_turn(patient_id: UUID) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))", [f"messaging:{patient_id}"]
        )
        return cursor.fetchone()[0]
