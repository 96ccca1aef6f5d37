"""Messages whose answer was lost: asked about by our own key before anything is sent again (找回)."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from xinqiao.accounts.queries import require
from xinqiao.audit.operations import concerning, operation
from xinqiao.kit.actor import Actor
from xinqiao.kit.crypto import KeyDestroyed
from xinqiao.kit.errors import NotFound, Refused
from xinqiao.messaging.channels import CHANNELS
from xinqiao.messaging.models import Intent
from xinqiao.messaging.operations import settling
from xinqiao.messaging.rules.intents import LOST, move
from xinqiao.messaging.rules.outcomes import Absent, Found, Retry
from xinqiao.messaging.rules.retrying import LEASE
from xinqiao.messaging.rules.sealing import open_part
from xinqiao.patients.queries import can_read

ANSWERS = {"sent": "found_accepted", "failed": "found_rejected", "delivered": "report_delivered"}
VERDICTS = {"sent": "found_accepted", "failed": "give_up"}


class NotSettled(Refused):
    """请选择“已发出”或“未发出”。"""


@dataclass(frozen=True)
class Lost:
    """One message to ask the provider about (待反查)."""

    intent_id: UUID
    fence: int
    channel: str
    key: str
    to: str
    attempted_at: datetime

    def __repr__(self) -> str:
        """Name the message without the person (不含个人信息的表示)."""
        return f"Lost({self.key})"


@operation
def claim_lost(*, instant: datetime, by: Actor, now: datetime, limit: int = 50) -> list[Lost]:
    """This function will take up lost attempts: those of a dead worker first wait for the provider's books (领取待查).

    What no provider can be asked about is told to people and never sent again.
    """
    rows = Intent.objects.select_for_update(skip_locked=True).filter(
        organisation_id=by.organisation_id, state__in=LOST, lease_ends_at__lte=instant
    )
    lost = []
    for row in rows.order_by("lease_ends_at", "id")[:limit]:
        concerning(*([row.patient_id] if row.patient_id else []))
        row.fence += 1
        if row.state == "attempting" or not CHANNELS.get(row.channel).has_query:
            settling._doubt(row, "answer_lost", instant, now)
        else:
            row.lease_ends_at = instant + LEASE
            lost += _question(row)
        row.save()
    concerning(asked=len(lost))
    return lost


@operation
def settle_answer(
    *,
    intent_id: UUID,
    fence: int,
    answer: Found | Absent | Retry,
    instant: datetime,
    by: Actor,
    now: datetime,
) -> str:
    """This function will write down what the provider knows of a message: found, or free to be sent again (登记反查).

    Without a clear answer the message stays unknown and is asked about again.
    """
    row = Intent.objects.select_for_update().filter(id=intent_id, fence=fence, state="unknown").first()
    if row is None:
        return ""
    concerning(*([row.patient_id] if row.patient_id else []), intent_id=intent_id)
    match answer:
        case Found("failed", code):
            settling._fail(row, code, "found_rejected", by, now)
        case Found(state, _, at):
            row.state, row.failure, row.lease_ends_at = move(row.state, ANSWERS[state]), "", None
            row.sent_at = row.sent_at or row.attempted_at
            row.reported_at = at if state == "delivered" else None
        case Absent():
            row.state, row.send_at, row.lease_ends_at = move(row.state, "found_absent"), now, None
            row.failure = "confirmed_lost"
    row.save()
    return row.state


@operation
def settle_unknown(*, intent_id: UUID, verdict: str, by: Actor, now: datetime) -> None:
    """This function will note what a person found out about an unknown message: sent, or failed (人工核定)."""
    require(by, "message.send")
    if verdict not in VERDICTS:
        raise NotSettled
    row = Intent.objects.select_for_update().filter(id=intent_id, organisation_id=by.organisation_id).first()
    if row is None or (row.patient_id and not can_read(row.patient_id, viewer=by, now=now)):
        raise NotFound
    concerning(*([row.patient_id] if row.patient_id else []), intent_id=intent_id, verdict=verdict)
    if verdict == "failed":
        settling._fail(row, "confirmed_lost", VERDICTS[verdict], by, now)
    else:
        row.state, row.sent_at, row.lease_ends_at = move(row.state, VERDICTS[verdict]), row.attempted_at, None
    row.fence += 1
    row.save()


def _question(row: Intent) -> list[Lost]:
    if row.to_sealed is None or row.attempted_at is None:
        raise ValueError("a message that was never tried is not lost")
    try:
        to = open_part(row.patient_id, row.id, "to", row.to_sealed)
    except KeyDestroyed:
        row.lease_ends_at = None
        return []
    return [Lost(row.id, row.fence, row.channel, row.id.hex, to, row.attempted_at)]
