"""What an attempt came to (登记发送结果)."""

from datetime import datetime
from uuid import UUID

from xinqiao.audit.operations import concerning, operation
from xinqiao.kit.actor import Actor
from xinqiao.kit.events import publish
from xinqiao.messaging.channels import CHANNELS
from xinqiao.messaging.events import MessageFailed, MessageUnconfirmed
from xinqiao.messaging.models import Intent
from xinqiao.messaging.rules.intents import move
from xinqiao.messaging.rules.outcomes import Declined, NotTried, Retry, Sent, Unsure
from xinqiao.messaging.rules.retrying import QUERY_LAG, wait_before
from xinqiao.patients.operations import mark_contact

NO_SUCH_NUMBER = {
    "isv.MOBILE_NUMBER_ILLEGAL": "wrong",
    "bad_address": "wrong",
    "MOBILE_NOT_ON_SERVICE": "failing",
}

Outcome = Sent | Declined | Retry | Unsure | NotTried


@operation
def settle_attempt(
    *, intent_id: UUID, fence: int, outcome: Outcome, instant: datetime, by: Actor, now: datetime
) -> str:
    """This function will write down what an attempt came to, and give the new state (登记发送结果).

    "" when the attempt is no longer this worker's: another has taken the message over, or a receipt came first.
    """
    row = Intent.objects.select_for_update().filter(id=intent_id, fence=fence, state="attempting").first()
    if row is None:
        return ""
    concerning(*([row.patient_id] if row.patient_id else []), intent_id=intent_id)
    _write(row, outcome, instant, by, now)
    row.save()
    return row.state


def _write(row: Intent, outcome: Outcome, instant: datetime, by: Actor, now: datetime) -> None:
    row.lease_ends_at = None
    match outcome:
        case Sent(provider_id):
            row.state, row.sent_at, row.failure = move(row.state, "accept"), now, ""
            row.provider_id = provider_id[:80]
        case Declined(code):
            _fail(row, code, "reject", by, now)
        case Retry(code, after):
            _put_off(row, code, after, by, now)
        case NotTried():
            row.state, row.attempt = move(row.state, "not_taken"), row.attempt - 1
        case Unsure(code):
            _doubt(row, code, instant, now)


def _put_off(row: Intent, code: str, after, by: Actor, now: datetime) -> None:
    wait = wait_before(row.attempt, after)
    if wait is None or (row.expires_at and now + wait >= row.expires_at):
        _fail(row, code if wait is None else "too_late", "reject", by, now)
        return
    row.state, row.send_at, row.failure = move(row.state, "not_taken"), now + wait, code


def _doubt(row: Intent, code: str, instant: datetime, now: datetime) -> None:
    """Nobody knows whether it left: ask the provider once its books must show it, else tell people (结果待查)."""
    row.state = "unknown" if row.state == "unknown" else move(row.state, "lose_answer")
    row.failure = code
    if CHANNELS.get(row.channel).has_query:
        row.lease_ends_at = instant + QUERY_LAG
        return
    row.lease_ends_at = None
    publish(_told(MessageUnconfirmed, row, now), now=now)


def _fail(row: Intent, code: str, event: str, by: Actor, now: datetime) -> None:
    """It will not arrive: say so, and mark a number that does not exist (发送失败)."""
    row.state, row.failure, row.lease_ends_at = move(row.state, event), code, None
    publish(_told(MessageFailed, row, now), now=now)
    if row.contact_id and code in NO_SUCH_NUMBER:
        mark_contact(contact_id=row.contact_id, state=NO_SUCH_NUMBER[code], by=by, now=now)


def _told(kind, row: Intent, now: datetime):
    return kind(
        organisation_id=row.organisation_id, occurred_at=now, intent_id=row.id, patient_id=row.patient_id,
        subject_id=row.subject_id,
    )  # fmt: skip
