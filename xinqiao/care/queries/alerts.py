"""Alerts of a patient, and one by itself (预警查询)."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from xinqiao.accounts.queries import names as staff_names
from xinqiao.care.models import Alert
from xinqiao.care.rules.alerts import DISPOSITIONS, LEVELS, TRANSITIONS, WORDS
from xinqiao.kit.actor import Actor
from xinqiao.kit.errors import NotFound
from xinqiao.patients.queries import readable_patients


@dataclass(frozen=True, slots=True)
class AlertCard:
    """One alert as it stands (预警); `moves` are what may be done about it now."""

    id: UUID
    patient_id: UUID
    subject_id: UUID
    level: str
    level_word: str
    colour: str
    code: str
    state: str
    word: str
    evidence: tuple[UUID, ...]
    raised_at: datetime
    respond_at: datetime
    is_late: bool
    acked_at: datetime | None
    acked_by: str
    contacted_at: datetime | None
    disposition: str
    disposition_word: str
    resolved_at: datetime | None
    resolved_by: str
    reviewed_at: datetime | None
    moves: tuple[str, ...]
    version: int


def alerts_of(patient_id: UUID, *, viewer: Actor, now: datetime) -> list[AlertCard]:
    """This function will list a readable patient's alerts, the latest first (患者预警)."""
    return _cards(
        _readable(viewer, now).filter(patient_id=patient_id).order_by("-raised_at", "-id"), viewer, now
    )


def get_alert(alert_id: UUID, *, viewer: Actor, now: datetime) -> AlertCard:
    """This function will give one alert of a readable patient; raises NotFound (取预警)."""
    found = _cards(_readable(viewer, now).filter(id=alert_id), viewer, now)
    if not found:
        raise NotFound
    return found[0]


def alerts_between(
    *, since: datetime, until: datetime, viewer: Actor, now: datetime, department_id: UUID | None = None
) -> QuerySet[Alert]:
    """This function will give the relation of alerts raised in [since, until), for counting (期内预警)."""
    found = Alert.objects.filter(
        organisation_id=viewer.organisation_id, raised_at__gte=since, raised_at__lt=until
    )
    return found.filter(department_id=department_id) if department_id else found


def _readable(viewer: Actor, now: datetime) -> QuerySet[Alert]:
    return Alert.objects.filter(patient_id__in=readable_patients(viewer, now).values("id"))


def _cards(found: QuerySet[Alert], viewer: Actor, now: datetime) -> list[AlertCard]:
    alerts = list(found)
    people = {one for alert in alerts for one in (alert.acked_by_id, alert.resolved_by_id) if one}
    names = staff_names(people, viewer=viewer)
    return [
        AlertCard(
            id=alert.id, patient_id=alert.patient_id, subject_id=alert.subject_id, level=alert.level,
            level_word=LEVELS[alert.level].word, colour=LEVELS[alert.level].colour, code=alert.code,
            state=alert.state, word=WORDS[alert.state], evidence=tuple(UUID(one) for one in alert.evidence),
            raised_at=alert.raised_at, respond_at=alert.respond_at,
            is_late=(alert.acked_at or now) > alert.respond_at, acked_at=alert.acked_at,
            acked_by=names.get(alert.acked_by_id, ""), contacted_at=alert.contacted_at,
            disposition=alert.disposition,
            disposition_word=DISPOSITIONS[alert.disposition].word if alert.disposition else "",
            resolved_at=alert.resolved_at, resolved_by=names.get(alert.resolved_by_id, ""),
            reviewed_at=alert.reviewed_at, moves=tuple(TRANSITIONS[alert.state]), version=alert.version,
        )
        for alert in alerts
    ]  # fmt: skip
