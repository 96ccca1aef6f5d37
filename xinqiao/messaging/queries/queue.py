"""What the worker looks for (发送队列)."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import connection

from xinqiao.kit.actor import Actor
from xinqiao.messaging.models import BULK_LANE, LOGIN_LANE, Intent
from xinqiao.messaging.rules.intents import LOST, WAITING


def lanes_due(*, viewer: Actor, now: datetime) -> list[int]:
    """This function will name the lanes in which something is due at the viewer's organisation (到期车道)."""
    due = Intent.objects.filter(organisation_id=viewer.organisation_id, state__in=WAITING, send_at__lte=now)
    return [lane for lane in range(LOGIN_LANE, BULK_LANE + 1) if due.filter(lane=lane).exists()]


def has_lost(*, viewer: Actor, instant: datetime) -> bool:
    """This function will say whether an attempt's lease has run out, or a lost answer is due to be asked (有待查)."""
    lost = Intent.objects.filter(
        organisation_id=viewer.organisation_id, state__in=LOST, lease_ends_at__lte=instant
    )
    return lost.exists()


def owners(intents: Iterable[UUID], *, viewer: Actor) -> dict[UUID, UUID]:
    """This function will say which organisations sent these messages, for taking in their receipts (消息所属机构)."""
    if viewer.kind != "system":
        return {}
    with connection.cursor() as cursor:
        cursor.execute("SELECT intent, organisation FROM messaging_owners(%s::uuid[])", [list(intents)])
        return dict(cursor.fetchall())
