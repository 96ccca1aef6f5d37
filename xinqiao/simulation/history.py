"""The years a person has behind them, as rows fit for COPY (既往就诊)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from . import cast, illness, laboratory
from .dice import CHINA, dice, weighted
from .person import Person
from .places import Department, department, departments


@dataclass(frozen=True, slots=True)
class Encounter:
    key: str
    mrn: str
    kind: str  # outpatient inpatient emergency
    department: str
    ward: str
    bed: str
    attending: str
    started_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class Diagnosis:
    key: str
    mrn: str
    encounter: str
    icd10: str
    name: str
    rank: str  # primary, secondary, chronic
    at: datetime


@dataclass(frozen=True, slots=True)
class Observation:
    key: str
    mrn: str
    encounter: str
    local: str
    loinc: str
    name: str
    value: str
    unit: str
    reference: str
    flag: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Medication:
    key: str
    mrn: str
    encounter: str
    text: str
    days: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Procedure:
    key: str
    mrn: str
    encounter: str
    code: str
    name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Allergy:
    key: str
    mrn: str
    substance: str
    reaction: str
    at: datetime


type Row = Encounter | Diagnosis | Observation | Medication | Procedure | Allergy


def history(
    seed: int, person: Person, until: datetime, *, years: float = 3, visits_a_year: float = 1.0
) -> Iterator[Row]:
    """Yield everything known of a person before an instant, encounter by encounter (既往史).

    A chronic condition adds two visits a year. Keys are stable for (seed, person, until).
    """
    random = dice(seed, "history", person.key)
    start = max(until - timedelta(days=365 * years), _at(person.birth_on))
    yield from _allergies(random, person, start)
    yield from _chronic(person, until)
    span = (until - start) / timedelta(days=1)
    expected = span / 365 * (visits_a_year + 2 * bool(person.ailments))
    for number in range(round(random.gauss(expected, expected**0.5 * 0.7)) if expected > 0 else 0):
        at = office_hour(random, start + timedelta(days=random.random() * max(span - 15, 0)))
        if at + timedelta(days=15) < until:
            yield from _visit(random, person, number, at)


def office_hour(random: Random, at: datetime) -> datetime:
    """Move an instant into the opening hours of its day (门诊时间)."""
    opening = at.astimezone(CHINA).replace(hour=7, minute=30, second=0, microsecond=0)
    return opening + timedelta(minutes=random.choice((0, 0, 0, 360)) + random.randrange(30, 210))


def _at(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=CHINA)


def _allergies(random: Random, person: Person, at: datetime) -> Iterator[Row]:
    known = cast.ALLERGIES.get(person.key, ())
    found = [each for each in illness.ALLERGENS if each[0] in known]
    if not found and random.random() < 0.06:
        found = [random.choice(illness.ALLERGENS)]
    for substance, reaction in found:
        yield Allergy(f"{person.mrn}-A{substance}", person.mrn, substance, reaction, at)


def _chronic(person: Person, until: datetime) -> Iterator[Row]:
    for each in person.ailments:
        at = min(_at(each.since_on), until)
        yield Diagnosis(f"{person.mrn}-C{each.icd10}", person.mrn, "", each.icd10, each.name, "chronic", at)


def _visit(random: Random, person: Person, number: int, at: datetime) -> Iterator[Row]:
    roll, here, years = random.random(), departments(person.organisation), person.age_on(at.date())
    reasons = illness.stays_for(person.sex, years, here) if roll < 0.14 else []
    if reasons:
        yield from _stay(random, person, number, at, weighted(random, reasons))
    else:
        urgent = roll > 0.92 and "emergency" in here
        yield from _clinic(random, person, number, at, "emergency" if urgent else "outpatient")


def _clinic(random: Random, person: Person, number: int, at: datetime, kind: str) -> Iterator[Row]:
    key = f"{person.mrn}-E{number:03d}"
    ailment = random.choice(person.ailments) if person.ailments and kind == "outpatient" else None
    chronic = next((each for each in illness.CHRONIC if ailment and each.icd10 == ailment.icd10), None)
    regular = chronic.department if chronic else "general_practice"
    wanted = "emergency" if kind == "emergency" else regular
    where = department(person.organisation, wanted, person.age_on(at.date()))
    code, name = (ailment.icd10, ailment.name) if ailment else random.choice(illness.COMPLAINTS)
    ended = at + timedelta(minutes=random.randrange(20, 150))
    yield Encounter(key, person.mrn, kind, where.key, "", "", random.choice(where.doctors), at, ended)
    yield Diagnosis(f"{key}-D1", person.mrn, key, code, name, "primary", at)
    yield from _observations(random, person, key, at, laboratory.panels(person) if ailment else ())
    for rank, text in enumerate(chronic.medicines if chronic else ()):
        yield Medication(f"{key}-M{rank}", person.mrn, key, text, 28, ended)


def _stay(random: Random, person: Person, number: int, at: datetime, stay: illness.Stay) -> Iterator[Row]:
    key = f"{person.mrn}-E{number:03d}"
    where = departments(person.organisation)[stay.department]
    ended = at + timedelta(days=random.randint(*stay.days), hours=random.uniform(-1, 4))
    place, doctor = ward_and_bed(random, where), random.choice(where.doctors)
    yield Encounter(key, person.mrn, "inpatient", where.key, *place, doctor, at, ended)
    yield Diagnosis(f"{key}-D1", person.mrn, key, stay.icd10, stay.name, "primary", ended)
    for rank, each in enumerate(person.ailments, 2):
        yield Diagnosis(f"{key}-D{rank}", person.mrn, key, each.icd10, each.name, "secondary", ended)
    if stay.procedure:
        yield Procedure(f"{key}-P1", person.mrn, key, *stay.procedure, at + timedelta(days=1, hours=2))
    for day in (0, 2):
        taken_at = at + timedelta(days=day)
        yield from _observations(random, person, f"{key}-{day}", taken_at, ("血常规", "生化"), key)
    for rank, text in enumerate(stay.medicines):
        yield Medication(f"{key}-M{rank}", person.mrn, key, text, 14, ended)


def ward_and_bed(random: Random, where: Department) -> tuple[str, str]:
    """Draw a ward of a department and a bed in it, or none where it has no wards (病区床位)."""
    return (random.choice(where.wards), f"{random.randint(1, 45):02d}") if where.wards else ("", "")


def _observations(
    random: Random, person: Person, key: str, at: datetime, panels: tuple[str, ...], encounter: str = ""
) -> Iterator[Row]:
    years = person.age_on(at.date())
    measures = (*laboratory.VITALS, *(each for panel in panels for each in laboratory.LABS[panel]))
    for each in measures:
        got = laboratory.measure(random, person, each, years)
        yield Observation(
            f"{key}-{each.local}", person.mrn, encounter or key, each.local, each.loinc, each.name,
            got.value, each.unit, laboratory.reference(each), got.flag, at,
        )  # fmt: skip
