"""Asking for a message to be sent (请求发送): decided at once, stored with its reasons, sent by the worker."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, connection, transaction

from xinqiao.accounts.queries import get_login_code_message, require
from xinqiao.accounts.rules.limits import CODE_LIVES
from xinqiao.audit.operations import concerning, operation
from xinqiao.directory.queries import get_organisation
from xinqiao.kit.actor import Actor
from xinqiao.kit.errors import NotFound, Refused
from xinqiao.kit.ids import new_id
from xinqiao.messaging.models import BULK_LANE, CARE_LANE, LOGIN_LANE, URGENT_LANE, Intent
from xinqiao.messaging.queries import Addressee, Case, addressee_of, decision_on, find_template
from xinqiao.messaging.rules.sealing import address_blind, content_blind, seal_part
from xinqiao.messaging.rules.sending import Decision, because
from xinqiao.messaging.rules.templates import Template, render

ORDER = ("sms", "email")
STATES = {"send": "ready", "hold": "held", "refuse": "refused"}
LANES = {"safety": URGENT_LANE, "staff": URGENT_LANE, "marketing": BULK_LANE}
# The last five minutes of an alert's first hour are still worth a notice; after it the next on duty is told anyway.
NOTICE_LIVES = timedelta(hours=1)


class NoTemplate(Refused):
    """没有这个消息模板，请核对模板代码和渠道。"""


class OtherPurpose(Refused):
    """消息的用途与模板登记的用途不一致，不能发送。"""


@dataclass(frozen=True)
class Requested:
    """What became of a request: the same answer however often it is made (请求结果)."""

    intent_id: UUID
    state: str
    channel: str
    reasons: tuple[str, ...]
    send_at: datetime | None = None

    @property
    def will_be_sent(self) -> bool:
        """Whether the message leaves, now or later."""
        return self.state not in ("refused", "cancelled", "failed")


@dataclass(frozen=True)
class _Wish:
    """A request with everything that belongs to its row."""

    key: str
    subject_id: UUID | None
    template: Template
    values: dict[str, str]
    auto: tuple[str, ...]
    case: Case
    decision: Decision
    contact_id: UUID | None
    send_at: datetime | None = None
    lane: int = CARE_LANE


@operation
def request_message(
    *, patient_id: UUID, template: str, values: Mapping[str, str], subject_id: UUID, key: str, by: Actor,
    now: datetime, purpose: str = "", send_at: datetime | None = None, expires_at: datetime | None = None,
    channels: Iterable[str] | None = None, requested: bool = False,
) -> Requested:  # fmt: skip
    """This function will decide on one message to a patient and store it with the reasons (请求发送消息).

    `template` is a code with or without its channel; channels are tried in order until one may be used. `greeting`,
    `hospital` and `phone` are filled in when not given. `requested` means that the receiver asked this minute.
    Asked again under the same `key`, it answers with the message that stands.
    """
    require(by, "message.send")
    _take_turn(patient_id)
    if known := _known(by.organisation_id, key):
        return known
    wish = None
    for channel in channels or ORDER:
        found = find_template(template, channel, organisation_id=by.organisation_id, viewer=by)
        if found is None:
            continue
        if purpose and purpose != found.purpose:
            raise OtherPurpose
        person = addressee_of(patient_id, channel, viewer=by, now=now)
        wish = _wish(
            patient_id, found, dict(values), subject_id, key, person, send_at, expires_at, requested, by, now
        )
        if wish.decision.outcome != "refuse":
            break
    if wish is None:
        raise NoTemplate
    return _store(wish, by, now)


@operation
def request_login_message(*, code_id: UUID, by: Actor, now: datetime) -> Requested | None:
    """This function will have a login code sent at once, before all other messages, and while it lives (发送验证码).

    A code that was used or replaced meanwhile needs no message: None.
    """
    try:
        _, phone, code = get_login_code_message(code_id, viewer=by)
    except NotFound:
        return None
    values = {"code": code, "minutes": f"{CODE_LIVES // timedelta(minutes=1)}"}
    return _direct(
        "login_code", phone, values, code_id, f"login_code:{code_id}", CODE_LIVES, LOGIN_LANE, by, now
    )


@operation
def request_staff_notice(
    *, user_id: UUID, phone: str, template: str, values: Mapping[str, str], subject_id: UUID, key: str,
    by: Actor, now: datetime,
) -> Requested:  # fmt: skip
    """This function will have a member of staff told, at any hour and without a word of any patient (通知职工)."""
    concerning(told_user_id=user_id)
    return _direct(template, phone, dict(values), subject_id, key, NOTICE_LIVES, URGENT_LANE, by, now)


def _direct(template, phone, values, subject_id, key, lives, lane, by: Actor, now: datetime) -> Requested:
    """A message to a number that is given, which concerns no patient."""
    if known := _known(by.organisation_id, key):
        return known
    found = find_template(template, "sms", organisation_id=by.organisation_id, viewer=by)
    if found is None:
        raise NoTemplate
    person = Addressee(None, phone, "ok" if phone else "missing", False, "")
    wish = _wish(None, found, values, subject_id, key, person, None, now + lives, True, by, now, lane)
    return _store(wish, by, now)


def _wish(
    patient_id, template: Template, values, subject_id, key, person: Addressee, send_at, expires_at, requested,
    by: Actor, now: datetime, lane: int | None = None,
) -> _Wish:  # fmt: skip
    organisation = get_organisation(by.organisation_id)
    own = {"greeting": person.greeting, "hospital": organisation.name, "phone": organisation.phone}
    auto = tuple(name for name in template.fields if name in own and name not in values)
    values = values | {name: own[name] for name in auto}
    case = Case(
        organisation_id=by.organisation_id, patient_id=patient_id, channel=template.channel, kind=template.kind,
        purpose=template.purpose, address=person.address, contact=person.contact, deceased=person.deceased,
        content_blind=content_blind(by.organisation_id, template.code, patient_id, values), requested=requested,
        expires_at=expires_at,
    )  # fmt: skip
    decision = decision_on(case, viewer=by, now=max(now, send_at or now))
    if "token" in template.fields and not organisation.domain:
        decision = Decision("refuse", None, (because("no_domain"), *decision.reasons), "refuse")
    lane = LANES.get(template.kind, CARE_LANE) if lane is None else lane
    return _Wish(key, subject_id, template, values, auto, case, decision, person.contact_id, send_at, lane)


def _store(wish: _Wish, by: Actor, now: datetime) -> Requested:
    intent_id, case, decision = new_id(now), wish.case, wish.decision
    written = render(wish.template, wish.values)
    state, codes = STATES[decision.outcome], [reason.code for reason in decision.reasons]
    send_at = max(decision.at or now, wish.send_at or now)
    if state == "ready" and send_at > now:
        state, codes = "held", [*codes, "scheduled"]
    said = {"subject": written.subject, "values": wish.values, "auto": wish.auto}
    patient_id = case.patient_id
    row = Intent(
        id=intent_id, organisation_id=case.organisation_id, patient_id=patient_id, template=wish.template.code,
        template_version=wish.template.version, kind=case.kind, purpose=case.purpose, channel=case.channel,
        contact_id=wish.contact_id, business_key=wish.key, subject_id=wish.subject_id, expects=wish.template.reply,
        requested=case.requested, lane=wish.lane, state=state, send_at=send_at, expires_at=case.expires_at,
        decision={"outcome": decision.outcome, "would": decision.would, "reasons": codes},
        to_blind=address_blind(case.organisation_id, case.address) if case.address else None,
        to_sealed=seal_part(patient_id, intent_id, "to", case.address) if case.address else None,
        content_blind=case.content_blind, body_sealed=seal_part(patient_id, intent_id, "body", written.body),
        values_sealed=seal_part(patient_id, intent_id, "values", json.dumps(said, ensure_ascii=False)),
        created_at=now,
    )  # fmt: skip
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as clash:
        if "intent_once" not in str(clash):
            raise
        if (known := _known(case.organisation_id, wish.key)) is None:
            raise
        return known
    concerning(*([patient_id] if patient_id else []), intent_id=intent_id, state=state)
    return _as_requested(row)


def _known(organisation_id: UUID, key: str) -> Requested | None:
    row = Intent.objects.filter(organisation_id=organisation_id, business_key=key).first()
    return _as_requested(row) if row else None


def _as_requested(row: Intent) -> Requested:
    return Requested(row.id, row.state, row.channel, tuple(row.decision["reasons"]), row.send_at)


def _take_turn(patient_id: UUID) -> None:
    """One request for one patient at a time, so that two at once cannot both be the last allowed."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"messaging:{patient_id}"])
