"""Alerts: raised once, taken up, answered, resolved by a disposition, reviewed (预警处置)."""

from datetime import datetime
from uuid import UUID

from xinqiao.accounts.queries import require
from xinqiao.audit.operations import concerning, operation
from xinqiao.care.models import Alert, Step
from xinqiao.care.queries.contacting import way_to_ask
from xinqiao.care.rules.alerts import advance_alert, first_response_due, merges
from xinqiao.directory.queries import get_organisation
from xinqiao.kit.actor import Actor
from xinqiao.kit.errors import Conflict, NotFound
from xinqiao.kit.ids import new_id
from xinqiao.messaging.operations import request_message
from xinqiao.patients.queries import can_read, readable_patients
from xinqiao.worklist.operations import acknowledge_alert, add_item, close_item, withdraw_items
from xinqiao.worklist.queries import items_of, zone_of

TITLE = "需当日人工联系"
GRAVE = ("L1", "L2")
TELL = "danger_call_sms"


@operation
def raise_alert(
    *, patient_id: UUID, level: int, code: str, subject_id: UUID, evidence: UUID, by: Actor, now: datetime,
    tell_patient: bool = True,
) -> UUID | None:  # fmt: skip
    """This function will raise an alert, or add the evidence to the one that stands (预警发生), and give its id.

    Repeats of one rule merge within its level's time; a graver one is always new, the same evidence never twice.
    None when the patient is dead. The work item tells neither score nor diagnosis.
    """
    if readable_patients(by, now).filter(id=patient_id, deceased_at=None).first() is None:
        return None
    known = _standing(patient_id, code, f"L{level}", str(evidence), now)
    if known:
        return known
    step = Step.objects.filter(id=subject_id).first()
    alert = Alert.objects.create(
        id=new_id(now), organisation_id=by.organisation_id, patient_id=patient_id, level=f"L{level}", code=code,
        subject_id=subject_id, department_id=step.department_id if step else None, evidence=[str(evidence)],
        raised_at=now, respond_at=first_response_due(f"L{level}", now, zone_of(viewer=by)),
    )  # fmt: skip
    concerning(alert_id=alert.id)
    add_item(
        patient_id=patient_id, kind="alert", subject_id=alert.id, title=TITLE, level=level,
        due_at=alert.respond_at, department_id=alert.department_id, by=by, now=now,
    )  # fmt: skip
    if tell_patient and alert.level in GRAVE:
        _tell_patient(alert, by, now)
    return alert.id


@operation
def ack_alert(*, alert_id: UUID, by: Actor, now: datetime, version: int | None = None) -> None:
    """This function will note who has taken an alert up (确认预警)."""
    alert = _locked(alert_id, version, by, now)
    _advance(alert, "acknowledge", acked_at=now, acked_by_id=by.user_id)
    for item in _items(alert, by, now):
        acknowledge_alert(item_id=item.id, by=by, now=now)


@operation
def contact_alert(*, alert_id: UUID, by: Actor, now: datetime, version: int | None = None) -> None:
    """This function will note that the patient was reached about an alert (已联系患者)."""
    _advance(_locked(alert_id, version, by, now), "contact", contacted_at=now)


@operation
def resolve_alert(
    *, alert_id: UUID, disposition: str, by: Actor, now: datetime, version: int | None = None
) -> None:
    """This function will close an alert with what was done about it, and take it off the list (处置预警)."""
    alert = _locked(alert_id, version, by, now)
    _close(alert, disposition, by, now)


@operation
def review_alert(*, alert_id: UUID, by: Actor, now: datetime, version: int | None = None) -> None:
    """This function will note that the handling of an alert was looked over (复核预警)."""
    _advance(_locked(alert_id, version, by, now), "review", reviewed_at=now, reviewed_by_id=by.user_id)


@operation
def close_alerts_of_dead(*, patient_id: UUID, by: Actor, now: datetime) -> int:
    """This function will resolve what stands about a patient who died (去世后关闭预警)."""
    standing = list(Alert.objects.select_for_update().filter(patient_id=patient_id, resolved_at=None))
    for alert in standing:
        if alert.state == "open":
            _advance(alert, "acknowledge", acked_at=now)
        _advance(alert, "resolve", "deceased", disposition="deceased", resolved_at=now)
    withdraw_items(subject_ids=[alert.id for alert in standing], reason="deceased", by=by, now=now)
    return len(standing)


@operation
def settle_alert_in_call(*, alert_id: UUID, disposition: str, by: Actor, now: datetime) -> None:
    """This function will carry an alert through, its patient being on the phone (通话中处置)."""
    alert = _locked(alert_id, None, by, now)
    if alert.state == "open":
        _advance(alert, "acknowledge", acked_at=now, acked_by_id=by.user_id)
    if alert.state == "acked":
        _advance(alert, "contact", contacted_at=now)
    _close(alert, disposition, by, now)


def _standing(patient_id: UUID, code: str, level: str, evidence: str, now: datetime) -> UUID | None:
    """The alert that this evidence belongs to: one that has it already, or one still open that merges it."""
    recent = Alert.objects.filter(patient_id=patient_id, code=code).order_by("-raised_at", "-id")
    for alert in recent.select_for_update():
        if evidence in alert.evidence and level >= alert.level:
            return alert.id
        if merges(level, now, alert.level, alert.raised_at, alert.state):
            alert.evidence = [*alert.evidence, evidence]
            alert.version += 1
            alert.save()
            return alert.id
    return None


def _tell_patient(alert: Alert, by: Actor, now: datetime) -> None:
    """The message names the hospital's telephone; without one it is not sent, and the nurse calls all the same."""
    if not get_organisation(by.organisation_id).phone:
        return
    if way_to_ask(alert.patient_id, ["sms"], viewer=by, now=now) == "sms":
        request_message(
            patient_id=alert.patient_id, template=TELL, channels=["sms"], subject_id=alert.id, purpose="care",
            values={}, key=f"care:alert:{alert.id}:tell", by=by, now=now,
        )  # fmt: skip


def _locked(alert_id: UUID, version: int | None, by: Actor, now: datetime) -> Alert:
    require(by, "alert.handle")
    alert = Alert.objects.select_for_update().filter(id=alert_id, organisation_id=by.organisation_id).first()
    if alert is None or not can_read(alert.patient_id, viewer=by, now=now):
        raise NotFound
    concerning(alert.patient_id, alert_id=alert.id)
    if version is not None and version != alert.version:
        raise Conflict(version=alert.version)
    return alert


def _advance(alert: Alert, event: str, disposition_given: str = "", /, **columns: object) -> None:
    alert.state = advance_alert(alert.state, event, disposition_given)
    alert.version += 1
    for column, value in columns.items():
        setattr(alert, column, value)
    alert.save()


def _close(alert: Alert, disposition: str, by: Actor, now: datetime) -> None:
    _advance(
        alert, "resolve", disposition, disposition=disposition, resolved_at=now, resolved_by_id=by.user_id
    )
    for item in _items(alert, by, now):
        close_item(item_id=item.id, outcome=disposition, by=by, now=now)


def _items(alert: Alert, by: Actor, now: datetime) -> list:
    return [item for item in items_of(alert.patient_id, viewer=by, now=now) if item.subject_id == alert.id]
