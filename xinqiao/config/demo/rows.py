"""The plain rows of the simulated hospital, in the record's words (行转临床内容)."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from xinqiao.config.demo import town
from xinqiao.record import rules as r
from xinqiao.simulation import history as h
from xinqiao.simulation import stories
from xinqiao.simulation.person import Person
from xinqiao.simulation.places import Organisation, departments

ICD10, LOINC = "ICD-10", "LN"


def facts_of(
    person: Person, patient_id: UUID, organisation: Organisation, find_department: Callable[[str], UUID | None],
    until: datetime, begins_at: datetime,
) -> Iterator[r.FactsSaid]:  # fmt: skip
    """This function will tell a person's years before `until`, and the story that lies behind one of the cast."""
    rows = list(h.history(town.SEED, person, until))
    rows += stories.past(person, begins_at)
    rows += stories.home_readings(town.SEED, person, begins_at)
    visits: dict[str, list[h.Row]] = defaultdict(list)
    for row in rows:
        visits[row.key if isinstance(row, h.Encounter) else getattr(row, "encounter", "")].append(row)
    names = departments(organisation.key)
    for key in sorted(visits, key=lambda key: (key == "", key)):
        yield _facts(visits[key], patient_id, names, find_department, begins_at)


def _facts(
    rows: list, patient_id: UUID, names: dict, find_department: Callable, begins_at: datetime
) -> r.FactsSaid:
    of: dict[type, list[Any]] = {kind: [row for row in rows if isinstance(row, kind)] for kind in (
        h.Encounter, h.Diagnosis, h.Observation, h.Medication, h.Procedure, h.Allergy
    )}  # fmt: skip
    visit = of[h.Encounter][0] if of[h.Encounter] else None
    at = max(row.ended_at or row.started_at if isinstance(row, h.Encounter) else row.at for row in rows)
    return r.FactsSaid(
        patient_id=patient_id,
        source="HIS",
        source_at=min(at, begins_at),
        received_at=min(at, begins_at),
        is_live=False,
        encounter=_encounter(visit, names, find_department) if visit else None,
        conditions=tuple(
            r.ConditionSaid(
                row.key, r.CodeSaid(row.icd10, row.name, ICD10, mapped=row.icd10), "final", at=row.at
            )
            for row in of[h.Diagnosis]
        ),
        observations=tuple(_observation(row) for row in of[h.Observation]),
        medications=tuple(
            r.MedicationSaid(row.key, r.CodeSaid(display=row.text), row.text, row.days, row.at)
            for row in of[h.Medication]
        ),
        procedures=tuple(
            r.ProcedureSaid(row.key, r.CodeSaid(row.code, row.name), row.at) for row in of[h.Procedure]
        ),
        allergies=tuple(
            r.AllergySaid(row.key, r.CodeSaid(display=row.substance), reaction=row.reaction, at=row.at)
            for row in of[h.Allergy]
        ),
    )


def _encounter(row: h.Encounter, names: dict, find_department: Callable) -> r.EncounterSaid:
    where = names.get(row.department)
    return r.EncounterSaid(
        source_key=row.key,
        event="discharge" if row.ended_at else "admit",
        class_=row.kind,
        department_id=find_department(row.department),
        department_text=where.name if where else row.department,
        ward=row.ward,
        bed=row.bed,
        attending_name=row.attending,
        started_at=row.started_at,
        ended_at=row.ended_at,
    )


def _observation(row: h.Observation) -> r.ObservationSaid:
    try:
        value = Decimal(row.value)
    except InvalidOperation:
        value = None
    return r.ObservationSaid(
        source_key=row.key, code=r.CodeSaid(row.local, row.name, "99LIS", mapped=row.loinc), value_text=row.value,
        value=value, unit=row.unit, reference_range=row.reference, flag=row.flag, at=row.at,
    )  # fmt: skip
