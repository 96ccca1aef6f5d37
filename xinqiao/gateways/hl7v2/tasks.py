"""Applying what was received (应用报文): a group in one transaction; when that fails, one by one."""

import logging
from dataclasses import dataclass
from datetime import datetime
from itertools import takewhile
from uuid import UUID
from zoneinfo import ZoneInfo

from xinqiao.directory.queries import departments
from xinqiao.intake.operations import settle
from xinqiao.intake.queries import Claimed, claim, organisations_with_work
from xinqiao.intake.rules import APPLIED, IGNORED, QUARANTINED, WAITING, Result
from xinqiao.kit.actor import Actor, system
from xinqiao.kit.failpoints import fp
from xinqiao.kit.rls import seen_by
from xinqiao.kit.schedule import every
from xinqiao.patients.operations import receive_demographics
from xinqiao.patients.queries import find_by_identifier
from xinqiao.record.operations import receive_facts

from .read import read
from .reasons import NOTES, REASONS, Unreadable
from .said import Said
from .translating import FindDepartment, as_demographics, as_facts

log = logging.getLogger("xinqiao.gateways.hl7v2")
KINDS = ("hl7v2",)
MOST_ASKED = (
    10  # identifiers of a nameless patient that are looked up; broken senders repeat them by the thousand
)
UNKNOWN_PATIENT = "报文里没有患者的姓名和出生日期，本院也还没有这位患者。已留存，患者资料到达后会自动处理。"
NOT_APPLIED = "这条报文在写入时出错，已留存。请信息科查看日志后重试；其余报文不受影响。"


@dataclass(frozen=True)
class Read:
    """A claimed message and what it says; or why it is not applied (已读报文)."""

    message: Claimed
    said: tuple[Said, ...] = ()
    verdict: Result | None = None


@every(0.05)
def apply_messages(now: datetime) -> int:
    """This function will apply what every organisation has received, a group each, and count it (应用报文)."""
    by = system("gateways.hl7v2.applying")
    return sum(
        apply_some(organisation, now=now) for organisation in organisations_with_work(KINDS, viewer=by)
    )


def apply_some(organisation_id: UUID, *, now: datetime, limit: int = 100) -> int:
    """This function will apply the next messages of one organisation and say how many it settled (应用一组)."""
    by = system("gateways.hl7v2.applying", organisation_id)
    try:
        return _apply_group(by, now, limit)
    except Exception as problem:
        log.warning("hl7_group_failed", extra={"error": type(problem).__name__})
    return sum(takewhile(bool, (_apply_one(by, now) for _ in range(limit))))


def _apply_group(by: Actor, now: datetime, limit: int) -> int:
    with seen_by(by, now):
        read_ones = [_read(message, by, now) for message in claim(KINDS, viewer=by, limit=limit)]
        if read_ones:
            settle(results=_apply(read_ones, by, now), by=by, now=now)
        fp("hl7.before_apply_commit")
    return len(read_ones)


def _apply_one(by: Actor, now: datetime) -> int:
    """Take the next message alone; if even that fails, it is put aside so that those behind it go on."""
    with seen_by(by, now):
        first = next(iter(claim(KINDS, viewer=by, limit=1)), None)
    if first is None:
        return 0
    try:
        return _apply_group(by, now, 1)
    except Exception as problem:
        log.exception("hl7_not_applied", extra={"inbox_id": str(first.id), "error": type(problem).__name__})
        stuck = Result(first.id, QUARANTINED, "not_applied", NOT_APPLIED)
        return settle(results=[stuck], by=by, now=now)


def _apply(read_ones: list[Read], by: Actor, now: datetime) -> list[Result]:
    """Patients first, then their facts, each in one call for the whole group."""
    good = [(one.message, said) for one in read_ones if one.verdict is None for said in one.said]
    patients = receive_demographics(
        items=[as_demographics(said, message.source, _at(message, said)) for message, said in good], by=by, now=now
    ) if good else []  # fmt: skip
    department = _departments(by)
    facts = [
        as_facts(
            said, patient, source=message.source, source_at=_at(message, said), received_at=message.received_at,
            is_live=message.is_live, zone=ZoneInfo(message.zone), find_department=department,
        )
        for (message, said), patient in zip(good, patients, strict=True)
    ]  # fmt: skip
    if facts:
        receive_facts(items=facts, by=by, now=now)
    about = {message.id: patient for (message, _), patient in zip(good, patients, strict=True)}
    return [one.verdict or _applied(one, about[one.message.id]) for one in read_ones]


def _read(message: Claimed, by: Actor, now: datetime) -> Read:
    try:
        said = read(message.body, zone=ZoneInfo(message.zone))
    except Unreadable as fault:
        return Read(message, verdict=Result(message.id, QUARANTINED, fault.code, REASONS[fault.code]))
    if said[0].kind == "ignored":
        reason = said[0].reason
        return Read(message, verdict=Result(message.id, IGNORED, reason, REASONS.get(reason, "")))
    if any(_is_unknown(one, by, now) for one in said):
        return Read(message, verdict=Result(message.id, WAITING, "unknown_patient", UNKNOWN_PATIENT))
    return Read(message, said)


def _is_unknown(said: Said, by: Actor, now: datetime) -> bool:
    """A message that says nothing of its patient but a number, as when it was cut short, waits for one that does.

    The hospital's own word about a visit is enough: it is the HIS that makes patients.
    """
    admits = said.kind == "ADT" and said.encounter is not None and said.encounter.visit_number
    if said.patient is None or said.patient.name or said.patient.birth_on or admits:
        return False
    return not any(
        find_by_identifier(by.organisation_id, one.kind, one.authority, one.value, viewer=by, now=now)
        for one in said.patient.identifiers[:MOST_ASKED]
    )


def _applied(one: Read, patient_id: UUID) -> Result:
    remarks = [note for said in one.said for note in said.notes]
    detail = "".join(NOTES.get(note, "") for note in dict.fromkeys(remarks))
    return Result(one.message.id, APPLIED, remarks[0] if remarks else "", detail, patient_id)


def _at(message: Claimed, said: Said) -> datetime:
    """The source's own time; a message without one goes by its arrival."""
    return said.recorded_at or message.received_at


def _departments(by: Actor) -> FindDepartment:
    """By code, else by name, as hospitals write both; one query however many departments a group names."""
    known = list(departments(by))
    return ({one.name: one.id for one in known} | {one.code: one.id for one in known}).get
