"""A hospital's days as the messages it sends, in virtual time (消息流).

Every hour of admissions and clinic visits is rolled by its own dice, so two windows that meet give the same messages
as one window over both, and each message comes with the instant it is sent.
"""

import heapq
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from math import gcd
from random import Random

from . import cast, hl7, illness, laboratory
from .dice import CHINA, dice, weighted
from .history import ward_and_bed
from .hl7 import Visit
from .person import Person
from .places import admits, department, departments

HOUR = timedelta(hours=1)
LONGEST = timedelta(days=16)  # from a stay's first message to its last
CLINIC_LONGEST = timedelta(hours=12)
EPOCH = datetime(2020, 1, 1, tzinfo=CHINA)
# share of a day's arrivals in each hour
OUTPATIENT_HOURS = (0, 0, 0, 0, 0, 0, 1, 8, 16, 16, 13, 7, 3, 5, 12, 11, 6, 2, 0, 0, 0, 0, 0, 0)
INPATIENT_HOURS = (1, 1, 1, 1, 1, 1, 1, 2, 6, 14, 16, 11, 5, 4, 9, 9, 6, 3, 2, 2, 2, 1, 1, 1)
WEEKDAYS = (1.25, 1.1, 1.05, 1.05, 1.0, 0.55, 0.4)


@dataclass(frozen=True, slots=True)
class Rates:
    """How busy the hospital is on an average day, and how often something goes wrong (业务量)."""

    outpatients: float = 300
    admissions: float = 40
    corrections: float = 0.03  # of visits: cancelled admissions (A11), cancelled discharges (A13)
    garbage: float = 0.002  # of messages


@dataclass(frozen=True, slots=True, order=True)
class Message:
    at: datetime
    control_id: str
    kind: str  # ADT^A01, ORU^R01, garbage …
    body: bytes


def stream(
    seed: int, people: Sequence[Person], start: datetime, end: datetime, rates: Rates = Rates()
) -> Iterator[Message]:
    """Yield what the hospital sends in [start, end), in order of time (消息流).

    People at even places are admitted, those at odd places come to the clinic, so that nobody does both at once.
    """
    hospital = _Hospital(seed, people, rates)
    waiting: list[Message] = []
    hour = _hour(start - LONGEST)
    while hour < end or waiting:
        while waiting and (waiting[0].at < hour or hour >= end):
            message = heapq.heappop(waiting)
            if start <= message.at < end:
                yield message
        if hour < end:
            for message in hospital.hour(hour, stays_only=hour < start - CLINIC_LONGEST - HOUR):
                if start <= message.at < end:
                    heapq.heappush(waiting, message)
            hour += HOUR


def _hour(at: datetime) -> datetime:
    return at.astimezone(CHINA).replace(minute=0, second=0, microsecond=0)


class _Hospital:
    def __init__(self, seed: int, people: Sequence[Person], rates: Rates):
        self.seed, self.rates = seed, rates
        self.beds = [each for each in people[0::2] if admits(each.organisation)]
        self.clinic = people[1::2]
        most = int(max(INPATIENT_HOURS) / sum(INPATIENT_HOURS) * rates.admissions * max(WEEKDAYS) * 2) + 1
        # nobody may be admitted again before the longest stay is over
        self.slots = min(most, len(self.beds) // int((LONGEST + timedelta(days=1)) / HOUR))

    def hour(self, hour: datetime, *, stays_only: bool) -> Iterator[Message]:
        """Roll all visits that begin in one hour; long before a window only stays can reach into it."""
        random = dice(self.seed, "hour", f"{hour:%Y%m%d%H}")
        admitted = self._arrivals(random, hour, INPATIENT_HOURS, self.rates.admissions)
        for place in range(min(admitted, self.slots)):
            turn = int((hour - EPOCH) / HOUR) * self.slots + place
            person = self.beds[_scatter(turn, len(self.beds))]
            at, number = self._begin(random, hour), f"I{hour:%y%m%d%H}{place:03d}"
            yield from self._spoiled(random, _Stay(random, person, at, number, self.rates))
        if stays_only or not self.clinic:
            return
        for place in range(self._arrivals(random, hour, OUTPATIENT_HOURS, self.rates.outpatients)):
            person = self.clinic[random.randrange(len(self.clinic))]
            at, number = self._begin(random, hour), f"O{hour:%y%m%d%H}{place:03d}"
            yield from self._spoiled(random, _Clinic(random, person, at, number))

    def _arrivals(self, random: Random, hour: datetime, hours: Sequence[int], a_day: float) -> int:
        expected = a_day * WEEKDAYS[hour.weekday()] * hours[hour.hour] / sum(hours)
        return max(0, round(random.gauss(expected, expected**0.5))) if expected else 0

    def _begin(self, random: Random, hour: datetime) -> datetime:
        return hour + timedelta(seconds=random.randrange(3600))

    def _spoiled(self, random: Random, visit: "_Clinic") -> Iterator[Message]:
        for message in visit.messages():
            yield message
            if random.random() < self.rates.garbage:
                at = message.at + timedelta(seconds=1)
                yield Message(at, message.control_id + "G", "garbage", garbage(random, message.body))


def _scatter(turn: int, size: int) -> int:
    stride = next(prime for prime in (7919, 104729, 1299709) if gcd(prime, size) == 1)
    return turn * stride % size


def garbage(random: Random, body: bytes) -> bytes:
    """Spoil a message the way real interfaces do: cut, wrong encoding, no patient, no header, noise (异常报文)."""
    segments = body.split(b"\r")
    return random.choice((
        body[: len(body) // 3],
        body.replace(b"UNICODE UTF-8", b"GB 18030-2000") if b"UNICODE UTF-8" in body else body[:60],
        b"\r".join(each for each in segments if not each.startswith(b"PID")),
        b"\r".join(segments[1:]),
        random.randbytes(180).replace(b"\x1c", b" ").replace(b"\x0b", b" "),
    ))  # fmt: skip


class _Clinic:
    """One clinic visit: registered, seen, results (门诊就诊)."""

    def __init__(self, random: Random, person: Person, at: datetime, number: str):
        self.random, self.person, self.at, self.number = random, person, at, number
        self.his, self.lis = hl7.senders(person.organisation)
        self.sent, self.years = 0, person.age_on(at.date())

    def message(self, trigger: str, at: datetime, visit: Visit | None) -> Message:
        body = hl7.adt(self.his, trigger, self._next(), at, self.person, visit)
        return Message(at, self._id(), f"ADT^{trigger}", body)

    def results(self, at: datetime, visit: Visit, panel: str) -> Message:
        got = [
            laboratory.measure(self.random, self.person, each, self.years) for each in laboratory.LABS[panel]
        ]
        body = hl7.oru(self.lis, self._next(), at, self.person, visit, panel, got)
        return Message(at, self._id(), "ORU^R01", body)

    def _next(self) -> str:
        self.sent += 1
        return self._id()

    def _id(self) -> str:
        return f"{self.person.organisation[0].upper()}{self.number}{self.sent:02d}"

    def visit(self, kind: str, where_key: str, diagnoses: tuple[tuple[str, str, str], ...]) -> Visit:
        where = department(self.person.organisation, where_key, self.years)
        ward, bed = ward_and_bed(self.random, where) if kind == "inpatient" else ("", "")
        known = cast.ALLERGIES.get(self.person.key, ())
        allergies = tuple(each for each in illness.ALLERGENS if each[0] in known)
        doctor = self.random.choice(where.doctors)
        return Visit(self.number, kind, where, ward, bed, doctor, self.at, None, "", diagnoses, allergies)

    def messages(self) -> Iterator[Message]:
        random, person = self.random, self.person
        ailment = random.choice(person.ailments) if person.ailments else None
        chronic = next((each for each in illness.CHRONIC if ailment and each.icd10 == ailment.icd10), None)
        code, name = (ailment.icd10, ailment.name) if ailment else random.choice(illness.COMPLAINTS)
        urgent = random.random() < 0.08 and "emergency" in departments(person.organisation)
        where = "emergency" if urgent else chronic.department if chronic else "general_practice"
        visit = self.visit("emergency" if urgent else "outpatient", where, ())
        if random.random() < 0.1:
            yield self.message(random.choice(("A28", "A31")), self.at, None)
        yield self.message("A04", self.at + timedelta(seconds=40), visit)
        seen = replace(visit, diagnoses=((code, name, "W"),))
        at = self.at + timedelta(minutes=random.randrange(15, 90))
        yield self.message("A08", at, seen)
        for panel in laboratory.panels(person) if random.random() < 0.5 else ():
            at += timedelta(minutes=random.randrange(20, 60))
            yield self.results(at, seen, panel)


class _Stay(_Clinic):
    """One stay in hospital from admission to discharge summary, with its second thoughts (住院)."""

    def __init__(self, random: Random, person: Person, at: datetime, number: str, rates: Rates):
        super().__init__(random, person, at, number)
        self.rates = rates

    def messages(self) -> Iterator[Message]:
        random, person = self.random, self.person
        reasons = illness.stays_for(person.sex, self.years, departments(person.organisation))
        if not reasons:
            return
        stay = weighted(random, reasons)
        visit = self.visit("inpatient", stay.department, ((stay.icd10, stay.name, "A"),))
        if random.random() < 0.3:
            yield self.message("A05", self.at, replace(visit, kind="preadmit"))
            self.at += timedelta(hours=random.randrange(1, 20))
            visit = replace(visit, admitted_at=self.at)
        yield self.message("A01", self.at, visit)
        if random.random() < self.rates.corrections:
            yield self.message("A11", self.at + timedelta(minutes=40), visit)
            return
        leaves = self.at + timedelta(days=random.randint(*stay.days), minutes=random.randrange(-200, 200))
        moved_at, moved = self.at + (leaves - self.at) * 0.4, visit
        yield self.results(self.at + timedelta(hours=3), visit, "血常规")
        yield self.results(self.at + timedelta(hours=4), visit, "生化")
        if random.random() < 0.25:
            ward, bed = ward_and_bed(random, visit.where)
            moved = replace(visit, ward=ward, bed=bed, prior=f"{visit.ward}^^{visit.bed}")
            yield self.message("A02", moved_at, moved)
            moved = replace(moved, prior="")
        for panel in laboratory.panels(person):
            yield self.results(self.at + (leaves - self.at) * 0.6, moved, panel)
        yield from self._leave(moved, leaves, stay)

    def _leave(self, visit: Visit, leaves: datetime, stay: illness.Stay) -> Iterator[Message]:
        known = [each for each in self.person.ailments if each.icd10 != stay.icd10]
        others = tuple((each.icd10, each.name, "F") for each in known)
        gone = replace(visit, discharged_at=leaves, diagnoses=((stay.icd10, stay.name, "F"), *others))
        yield self.message("A03", leaves, gone)
        if self.random.random() < self.rates.corrections:
            yield self.message("A13", leaves + timedelta(minutes=30), visit)
            leaves += timedelta(hours=20)
            gone = replace(gone, discharged_at=leaves)
            yield self.message("A03", leaves, gone)
        at = leaves + timedelta(minutes=25)
        text = summary(self.person, gone, stay)
        body = hl7.mdm(self.his, self._next(), at, self.person, gone, "出院小结", text)
        yield Message(at, self._id(), "MDM^T02", body)


def summary(person: Person, visit: Visit, stay: illness.Stay) -> str:
    """Write a short discharge summary (出院小结)."""
    treated = f"行{stay.procedure[1]}。" if stay.procedure else "予对症治疗。"
    medicines = "；".join(stay.medicines) or "无"
    return (
        f"患者{person.name}，{'男' if person.sex == 'male' else '女'}，因“{stay.name}”于{visit.admitted_at:%Y-%m-%d}入院。"
        f"{treated}\n出院诊断：{stay.name}。\n出院带药：{medicines}。\n出院医嘱：按时服药，门诊复查；不适随诊。"
    )
