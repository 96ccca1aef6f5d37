"""The ninety days behind the demonstration (演示的过往): what the hospital said, read by our own reader, by COPY.

The messages of the past are those the simulated hospital would have sent; only the last two days go over the wire.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache
from random import Random
from typing import Any
from uuid import UUID

import psycopg

from xinqiao.care.operations.load import AnsweredStep, PastEnrolment, load_history
from xinqiao.config.demo import town
from xinqiao.config.demo.answering import answer
from xinqiao.config.demo.rows import facts_of
from xinqiao.directory.queries import find_department
from xinqiao.gateways.hl7v2.read import read
from xinqiao.gateways.hl7v2.reasons import Unreadable
from xinqiao.gateways.hl7v2.translating import as_demographics, as_facts
from xinqiao.kit.actor import Actor
from xinqiao.kit.ids import new_id
from xinqiao.kit.rls import seen_by
from xinqiao.patients.operations.load import load_patients
from xinqiao.patients.rules.demographics import Demographics
from xinqiao.questionnaires.operations.load import PastResponse, load_responses
from xinqiao.questionnaires.rules.library import published_form
from xinqiao.record.operations.load import load_facts
from xinqiao.record.queries import discharges
from xinqiao.record.rules import FactsSaid
from xinqiao.simulation import hl7
from xinqiao.simulation.person import Person
from xinqiao.simulation.places import Organisation
from xinqiao.simulation.stream import stream

STEPS = {"dc.d1": ("dc_d1", 1), "dc.d3": ("dc_d3", 3), "dc.d7": ("dc_d7", 7), "dc.d30": ("dc_d30", 30)}
ANSWERED = 0.78  # share of steps that were answered: 待临床复核, a demonstration's figure
FACTS = ("conditions", "observations", "reports", "procedures", "medications", "allergies")
CHRONICLED = 60  # people whose years are told visit by visit
QUIET = 6.0  # clinic visits a day of the past that are told


def load(
    owner: psycopg.Connection, organisation: Organisation, by: Actor, begins_at: datetime, people: int
) -> str:
    """This function will load one organisation's patients, visits, results and follow-up, and say how many (装载)."""
    persons = town.residents(organisation, people, begins_at)
    before = begins_at - town.HISTORY
    known = load_patients(
        rows=demographics(organisation, persons, before), connection=owner, by=by, now=before
    )
    ids = {person.mrn: patient for person, patient in zip(persons, known, strict=True)}
    items = once(sorted(told(organisation, persons, ids, by, begins_at, people), key=_visit))
    counts = load_facts(items=items, into=owner, by=by, now=begins_at - town.LIVE)
    with seen_by(by, begins_at):
        followed = follow(owner, by, begins_at)
    return f"患者 {len(ids)}，就诊 {counts.get('Encounter', 0)}，结果 {counts.get('Observation', 0)}，随访 {followed}"


def demographics(organisation: Organisation, persons: list[Person], at: datetime) -> Iterator[Demographics]:
    """This function will say of each person what the hospital's own message would say (患者信息)."""
    sender = hl7.senders(organisation.key)[0]
    for person in persons:
        (said,) = read(hl7.adt(sender, "A28", f"R{person.index}", at, person), zone=town.ZONE)
        yield as_demographics(said, "HIS", at)


def told(
    organisation: Organisation,
    persons: list[Person],
    ids: dict[str, UUID],
    by: Actor,
    begins_at: datetime,
    people: int,
) -> Iterator[FactsSaid]:
    """This function will say what happened before the last two days: everybody's ninety days, some people's years."""
    department = cache(lambda word: _id(find_department(by.organisation_id, word)) if word else None)
    start, end = begins_at - town.HISTORY, begins_at - town.LIVE
    quiet = replace(
        town.RATES[organisation.key], outpatients=QUIET
    )  # the stays are the same, however many visits
    for message in stream(town.SEED, town.crowd(organisation, people, begins_at), start, end, quiet):
        try:
            (said,) = read(message.body, zone=town.ZONE)
        except Unreadable:
            continue  # what could not be read in the past has long been thrown away
        if said.patient is None or said.recorded_at is None:
            continue
        patient = ids.get(next((one.value for one in said.patient.identifiers if one.kind == "mrn"), ""))
        if patient is None:
            continue  # cut short in the middle of the number
        yield as_facts(
            said, patient, source="HIS", source_at=said.recorded_at, received_at=message.at, is_live=False,
            zone=town.ZONE, find_department=department,
        )  # fmt: skip
    chronicled = [person for person in persons if person.note or person.index >= 80_000_000] + persons[
        :CHRONICLED
    ]
    for person in dict.fromkeys(chronicled):
        yield from facts_of(person, ids[person.mrn], organisation, department, start, begins_at)


def once(items: list[FactsSaid]) -> list[FactsSaid]:
    """This function will keep of each fact what was said of it last: COPY takes no second version (去重)."""
    seen: set[tuple] = set()
    kept = []
    for item in reversed(items):
        fresh: dict[str, Any] = dict.fromkeys(FACTS, ())
        for kind in FACTS:
            for fact in getattr(item, kind):
                key = (item.patient_id, kind, fact.source_key)
                if key not in seen:
                    seen.add(key)
                    fresh[kind] += (fact,)
        kept.append(replace(item, **fresh))
    return kept[::-1]


def follow(owner: psycopg.Connection, by: Actor, begins_at: datetime) -> int:
    """This function will load the follow-up of the ninety days' discharges, with the answers given (随访历史)."""
    stays = discharges(since=begins_at - town.HISTORY, until=begins_at - town.LIVE, viewer=by, now=begins_at)
    enrolments, answers = [], []
    for stay in stays:
        if stay.ended_at is None:
            continue
        random = Random(f"{town.SEED}/{stay.id}")
        replies = dict(_replies(stay.ended_at, begins_at, random))
        enrolments.append(
            PastEnrolment(
                stay.patient_id, stay.id, stay.ended_at, stay.class_, stay.department_id,
                {code: AnsweredStep(at, response, via) for code, (at, response, via, _) in replies.items()},
            )
        )  # fmt: skip
        answers += [(stay, code, *reply) for code, reply in replies.items()]
    steps = load_history(rows=enrolments, connection=owner, by=by, now=begins_at)
    load_responses(rows=list(_responses(answers, steps)), connection=owner, by=by, now=begins_at)
    return len(steps)


def _replies(ended_at: datetime, begins_at: datetime, random: Random) -> Iterator[tuple[str, tuple]]:
    """Which steps were answered, when, and by whom: a reply within hours, most within the window."""
    for code, (form, days) in STEPS.items():
        at = ended_at + timedelta(days=days, hours=random.uniform(-4, 14))
        if at < begins_at - timedelta(hours=6) and random.random() < ANSWERED:
            via = random.choice(("self", "self", "self", "kin", "staff"))
            yield code, (at, new_id(at, random), via, form)


def _responses(answers: Iterable[tuple], steps: dict[tuple[UUID, str], UUID]) -> Iterator[PastResponse]:
    for stay, code, at, response_id, via, form in answers:
        step = steps.get((stay.id, code))
        if step:
            random = Random(f"{response_id}")
            told_by = "kin" if via == "kin" else "self"
            given = answer(published_form(form), random, who="family" if told_by == "kin" else "self")
            yield PastResponse(response_id, stay.patient_id, form, step, given, at, told_by)


def _visit(said: FactsSaid) -> tuple:
    """All words about one visit side by side, in the order of the source's time."""
    return (said.patient_id, said.encounter.source_key if said.encounter else "", said.source_at)


def _id(department: object) -> UUID | None:
    return getattr(department, "id", None)
