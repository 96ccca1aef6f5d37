"""Years of follow-up by COPY (批量装载随访): the demo's history, measurements.

COPY is refused under row security, so the command line gives a connection of the tables' owner. Nothing is announced:
what is loaded neither sends nor makes work, save for steps still open, which the clock takes up when they are due.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db.models import Model
from psycopg import Connection
from psycopg.types.json import Jsonb

from xinqiao.audit.operations import concerning, operation
from xinqiao.care.models import Enrolment, Step
from xinqiao.care.operations.planning import Steps
from xinqiao.care.queries.pathways import newest_pathways
from xinqiao.care.rules.pathways import Pathway
from xinqiao.care.rules.plans import PlannedStep, catch_up, plan
from xinqiao.care.rules.states import OPEN_STEPS, advance_enrolment
from xinqiao.kit.actor import Actor
from xinqiao.kit.ids import new_id
from xinqiao.worklist.queries import zone_of


@dataclass(frozen=True, slots=True)
class AnsweredStep:
    """When a step of the past was answered, by which response, through whom: self, kin or staff (已答步骤)."""

    at: datetime
    response_id: UUID
    via: str = "self"


@dataclass(frozen=True, slots=True)
class PastEnrolment:
    """One discharge of the past that was followed, with the steps that were answered, by code (历史入组)."""

    patient_id: UUID
    encounter_id: UUID
    discharged_at: datetime
    encounter_class: str = "inpatient"
    department_id: UUID | None = None
    answered: Mapping[str, AnsweredStep] = field(default_factory=dict)


@operation
def load_history(
    *, rows: Iterable[PastEnrolment], connection: Connection, by: Actor, now: datetime
) -> dict[tuple[UUID, str], UUID]:
    """This function will load followed discharges and give the id of each step by (encounter, code) (装载历史随访).

    Each stands as the clock and its answers have left it at `now`. A discharge that is on record is passed over. One
    audit line for the whole.
    """
    pathway = newest_pathways("discharge", viewer=by)[0]
    known = {row[0] for row in connection.execute("SELECT encounter_id FROM care_enrolment").fetchall()}
    enrolments, steps = [], []
    for row in rows:
        if row.encounter_id not in known:
            known.add(row.encounter_id)
            enrolment, laid = _laid_out(row, pathway, by, now)
            enrolments += [enrolment] if laid else []
            steps += laid
    with connection.transaction():
        _copy(connection, Enrolment, enrolments)
        _copy(connection, Step, steps)
    concerning(enrolments=len(enrolments), steps=len(steps))
    return {(step.enrolment.encounter_id, step.code): step.id for step in steps}


def _laid_out(row: PastEnrolment, pathway: Pathway, by: Actor, now: datetime) -> tuple[Enrolment, list[Step]]:
    enrolment = Enrolment(
        id=new_id(row.discharged_at), organisation_id=by.organisation_id, patient_id=row.patient_id,
        pathway=pathway.code, version=pathway.version, encounter_id=row.encounter_id,
        department_id=row.department_id, anchor_at=row.discharged_at, enrolled_at=row.discharged_at,
        changed_at=now,
    )  # fmt: skip
    facts = {"encounter_class": row.encounter_class, "patient_deceased": False}
    planned = plan(pathway, row.discharged_at, facts, zone_of(viewer=by))
    steps = [_step(enrolment, step, row.answered.get(step.code), now) for step in planned]
    if steps and not any(step.state in OPEN_STEPS for step in steps):
        enrolment.state = advance_enrolment(enrolment.state, "complete")
    return enrolment, steps


def _step(enrolment: Enrolment, planned: PlannedStep, answered: AnsweredStep | None, now: datetime) -> Step:
    step = Steps.laid(enrolment, planned, enrolment.enrolled_at)
    if planned.open_at <= now:
        step.asked_at, step.asked_via = planned.open_at, planned.channels[0]
    if answered and answered.at <= now:
        step.state, step.wake_at = "done", None
        step.response_id, step.completed_at = answered.response_id, answered.at
        step.completed_via = answered.via
    else:
        step.state = catch_up(step.state, planned, now)
        Steps.place(step)
    return step


def _copy(connection: Connection, model: type[Model], rows: Sequence[Model]) -> None:
    fields = [each for each in model._meta.concrete_fields if not each.generated]
    columns = ", ".join(str(each.column) for each in fields)
    with connection.cursor().copy(f"COPY {model._meta.db_table} ({columns}) FROM STDIN") as copy:
        for row in rows:
            values = (getattr(row, each.attname) for each in fields)
            copy.write_row([Jsonb(value) if isinstance(value, list) else value for value in values])
