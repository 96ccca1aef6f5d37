"""What the decision on a message needs to know, gathered at the moment it is taken (决定所需的事实)."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.db.models.functions import Coalesce

from xinqiao.directory.queries import get_organisation
from xinqiao.kit.actor import Actor
from xinqiao.messaging.models import Intent
from xinqiao.messaging.queries.installation import installation_state
from xinqiao.messaging.rules.intents import OUT, WAITING
from xinqiao.messaging.rules.sealing import address_blind
from xinqiao.messaging.rules.sending import Decision, Draft, Receiver, decide
from xinqiao.privacy.queries import has_consent

LONGEST_CAP = timedelta(days=30)
NOTICES = ("service", "education")


@dataclass(frozen=True, kw_only=True)
class Case:
    """One message to be decided on (待决消息); `intent_id` is itself, where it is on record already."""

    organisation_id: UUID
    patient_id: UUID | None
    channel: str
    kind: str
    purpose: str
    address: str
    contact: str
    content_blind: bytes
    deceased: bool = False
    requested: bool = False
    expires_at: datetime | None = None
    intent_id: UUID | None = None

    def __repr__(self) -> str:
        """Name the case and nobody (不含个人信息的表示)."""
        return f"Case({self.intent_id or self.kind})"


def decision_on(case: Case, *, viewer: Actor, now: datetime) -> Decision:
    """This function will decide on a message as things stand at `now` (作出发送决定)."""
    zone = ZoneInfo(get_organisation(case.organisation_id).zone)
    consent = True
    if case.patient_id and case.kind != "staff":
        consent = has_consent(case.patient_id, case.purpose, viewer=viewer, now=now).ok
    receiver = Receiver(
        zone=zone,
        consent=consent,
        contact=case.contact,
        deceased=case.deceased,
        notices_today=_notices(case, now, zone),
        marketing_sent=_marketing(case, now),
        same_content_at=_same_content(case),
    )
    draft = Draft(case.kind, case.channel, case.requested, case.expires_at)
    installation = installation_state(case.organisation_id, case.address, viewer=viewer)
    return decide(draft, receiver, installation, now, _is_holiday)


def _notices(case: Case, now: datetime, zone: tzinfo) -> int:
    if not case.patient_id or case.kind not in NOTICES:
        return 0
    start = datetime.combine(now.astimezone(zone).date(), time(), zone).astimezone(UTC)
    day = _others(case, case.patient_id).filter(kind__in=NOTICES, at__gte=start, at__lt=start + timedelta(1))
    return day.count()


def _marketing(case: Case, now: datetime) -> tuple[datetime, ...]:
    if not case.patient_id or case.kind != "marketing":
        return ()
    found = _others(case, case.patient_id).filter(kind="marketing", at__gt=now - LONGEST_CAP)
    return tuple(found.values_list("at", flat=True))


def _same_content(case: Case) -> datetime | None:
    if not case.address:
        return None
    same = Intent.objects.filter(
        organisation_id=case.organisation_id,
        to_blind=address_blind(case.organisation_id, case.address),
        content_blind=case.content_blind,
        state__in=(*OUT, *WAITING),
    )
    latest = same.exclude(id__in=[case.intent_id] if case.intent_id else []).order_by("-created_at")
    return latest.values_list(Coalesce("sent_at", "send_at"), flat=True).first()


def _others(case: Case, patient_id: UUID) -> QuerySet:
    """The patient's other messages that went out or wait to; on record already, only those that went out count."""
    states = OUT if case.intent_id else (*OUT, *WAITING)
    mine = Intent.objects.filter(
        organisation_id=case.organisation_id, patient_id=patient_id, state__in=states
    )
    return mine.exclude(id__in=[case.intent_id] if case.intent_id else []).annotate(
        at=Coalesce("sent_at", "send_at")
    )


def _is_holiday(day: date) -> bool:
    """Public holidays by the statute's fixed dates; those of the moon's calendar are announced each year."""
    return (day.month, day.day) in {(1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3)}
