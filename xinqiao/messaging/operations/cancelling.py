"""Taking back what has not left yet (取消待发)."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from xinqiao.audit.operations import concerning, operation
from xinqiao.kit.actor import Actor
from xinqiao.messaging.models import Intent
from xinqiao.messaging.rules.intents import WAITING, move


@operation
def cancel_messages(*, subject_ids: Iterable[UUID], by: Actor, now: datetime) -> int:
    """This function will cancel everything about these subjects that has not left, and count it (按主题取消)."""
    return _cancel(Intent.objects.filter(subject_id__in=list(subject_ids)), by)


@operation
def cancel_messages_of(*, patient_id: UUID, by: Actor, now: datetime) -> int:
    """This function will cancel everything for one patient that has not left, and count it (取消患者的待发消息)."""
    return _cancel(Intent.objects.filter(patient_id=patient_id), by)


def _cancel(found: QuerySet[Intent], by: Actor) -> int:
    rows = list(found.filter(organisation_id=by.organisation_id, state__in=WAITING).select_for_update())
    for row in rows:
        row.state = move(row.state, "cancel")
        concerning(*([row.patient_id] if row.patient_id else []))
    Intent.objects.bulk_update(rows, ["state"])
    concerning(cancelled=len(rows))
    return len(rows)
