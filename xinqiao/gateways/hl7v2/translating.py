"""From what a message says to what the rooms take in (转译): words become demographics and facts; no decision here."""

from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime, tzinfo
from uuid import UUID

from xinqiao.patients.rules import demographics as d
from xinqiao.record import rules as r

from . import said as s
from .times import TimeSaid

EVENT_OF = {
    "A01": "admit",
    "A02": "transfer",
    "A03": "discharge",
    "A04": "admit",
    "A05": "plan",
    "A08": "update",
    "A11": "cancel_admission",
    "A13": "cancel_discharge",
}
CLEARED = {"addresses": "address", "died": "deceased_at", "dead": "deceased_at", "ethnicity": "nationality"}
CLEARED_VISIT = {"place": "ward", "attending": "attending_name", "service": "department_text"}
LOINC = ("LN", "LOINC")

type FindDepartment = Callable[[str], UUID | None]


def as_demographics(said: s.Said, source: str, source_at: datetime) -> d.Demographics:
    """This function will say in the index's words whom a message is about (转为患者信息)."""
    who = said.patient
    if who is None:
        raise ValueError("a message that is about nobody")
    cleared = {CLEARED.get(word, word) for word in who.cleared}
    if who.dead is False:
        cleared.add("deceased_at")
    return d.Demographics(
        source=source,
        source_at=source_at,
        identifiers=tuple(d.IdentifierSaid(one.kind, one.value, one.authority) for one in who.identifiers),
        name=who.name,
        sex=who.sex,
        birth_on=who.birth_on,
        birth_precision=who.birth_precision or "day",
        phones=tuple(d.PhoneSaid(phone.number) for phone in who.phones if phone.kind != "fax"),
        address=who.addresses[0].text if who.addresses else "",
        kin=tuple(_kin(one) for one in who.kin if one.name),
        deceased_at=_death(who, source_at),
        nationality=who.ethnicity.display or who.ethnicity.code,
        cleared=frozenset(cleared & d.CLEARABLE),
    )


def as_facts(
    said: s.Said, patient_id: UUID, *, source: str, source_at: datetime, received_at: datetime, is_live: bool,
    zone: tzinfo, find_department: FindDepartment,
) -> r.FactsSaid:  # fmt: skip
    """This function will say in the record's words what a message reports of a patient (转为临床内容)."""
    visit = said.encounter.visit_number if said.encounter else ""
    names = _report_names(said)
    return r.FactsSaid(
        patient_id=patient_id,
        source=source,
        source_at=source_at,
        received_at=received_at,
        is_live=is_live,
        encounter=_encounter(said, said.encounter, zone, find_department)
        if said.encounter and visit
        else None,
        conditions=tuple(_condition(one, visit, zone) for one in said.conditions),
        observations=_observations(said, names, zone),
        reports=tuple(_report(one, names[place], zone) for place, one in enumerate(said.reports)),
        procedures=tuple(_procedure(one, visit, zone) for one in said.procedures),
        allergies=tuple(_allergy(one, zone) for one in said.allergies),
    )


def instant(time: TimeSaid | None, zone: tzinfo) -> datetime | None:
    """This function will take a time of any precision as an instant; a date is its midnight (转为时刻)."""
    if time is None:
        return None
    if isinstance(time.at, datetime):
        return time.at
    day: date = time.at
    return datetime(day.year, day.month, day.day, tzinfo=zone)


def _death(who: s.PatientSaid, source_at: datetime) -> datetime | None:
    died = instant(who.died, source_at.tzinfo or UTC) if who.died else None
    return died or (source_at if who.dead else None)


def _kin(kin: s.KinSaid) -> d.KinSaid:
    return d.KinSaid(
        kin.name, kin.relation.display or kin.relation.code, kin.phones[0].number if kin.phones else ""
    )


def _encounter(
    said: s.Said, visit: s.EncounterSaid, zone: tzinfo, find_department: FindDepartment
) -> r.EncounterSaid:
    place = visit.place
    department = place.unit_name or visit.service or place.unit
    return r.EncounterSaid(
        source_key=visit.visit_number,
        event=EVENT_OF.get(said.trigger, "mention") if said.kind == "ADT" else "mention",
        class_=visit.kind,
        department_id=next(
            filter(None, map(find_department, (visit.service, place.unit_name, place.unit))), None
        ),
        department_text=department,
        ward=place.unit,
        bed=place.bed,
        attending_name=visit.attending.name,
        started_at=instant(visit.admitted, zone),
        ended_at=instant(visit.discharged, zone),
        disposition=visit.disposition.display or visit.disposition.code,
        cleared=frozenset(CLEARED_VISIT.get(word, word) for word in visit.cleared),
    )


def _code(code: s.Coded) -> r.CodeSaid:
    """A LOINC code is the mapped one, whether it came first or as the alternate."""
    if code.system.upper() in LOINC:
        mapped = code.code
    else:
        mapped = code.other_code if code.other_system.upper() in LOINC else ""
    return r.CodeSaid(code.code, code.display or code.other_display, code.system, mapped=mapped)


def _condition(one: s.ConditionSaid, visit: str, zone: tzinfo) -> r.ConditionSaid:
    key = "|".join((visit, one.code.code or one.code.display, one.role))
    return r.ConditionSaid(key, _code(one.code), one.role, onset_at=None, at=instant(one.diagnosed, zone))


def _procedure(one: s.ProcedureSaid, visit: str, zone: tzinfo) -> r.ProcedureSaid:
    at = instant(one.performed, zone)
    key = "|".join((visit, one.code.code or one.code.display, at.isoformat() if at else ""))
    return r.ProcedureSaid(key, _code(one.code), at)


def _allergy(one: s.AllergySaid, zone: tzinfo) -> r.AllergySaid:
    return r.AllergySaid(
        one.code.code or one.code.display, _code(one.code), one.kind, one.severity, "、".join(one.reactions),
        instant(one.since, zone),
    )  # fmt: skip


def _report_names(said: s.Said) -> list[str]:
    """A report's own number, else its place in the message; the same number twice is told apart."""
    names: Counter[str] = Counter()
    found = []
    for place, one in enumerate(said.reports):
        name = one.number or f"{said.control_id}#{place}"
        names[name] += 1
        found.append(name if names[name] == 1 else f"{name}/{names[name]}")
    return found


def _report(one: s.ReportSaid, name: str, zone: tzinfo) -> r.ReportSaid:
    return r.ReportSaid(
        name, _code(one.code), one.code.display, one.text, instant(one.observed, zone), instant(one.issued, zone),
        one.author.name, one.status or "final",
    )  # fmt: skip


def _observations(said: s.Said, names: list[str], zone: tzinfo) -> tuple[r.ObservationSaid, ...]:
    """A corrected result has the same key as the one it corrects: report, code, sub-id, and its turn."""
    turns: Counter[str] = Counter()
    found = []
    for one in said.observations:
        report = names[one.report] if one.report is not None else said.control_id
        key = "|".join((report, one.code.code or one.code.display, one.sub_id))
        turns[key] += 1
        found.append(_observation(one, key if turns[key] == 1 else f"{key}/{turns[key]}", report, zone))
    return tuple(found)


def _observation(one: s.ObservationSaid, key: str, report: str, zone: tzinfo) -> r.ObservationSaid:
    text = one.value_text or one.value_code.display or one.value_code.code
    return r.ObservationSaid(
        source_key=key,
        code=_code(one.code),
        value_text=f"［附件 {one.document.media}］" if one.document else text,
        value=one.decimal,
        comparator=one.comparator,
        unit=one.unit,
        reference_range=one.reference_range,
        flag="~".join(one.flags),
        at=instant(one.observed, zone),
        status=one.status or "final",
        report_key=report if one.report is not None else "",
    )
