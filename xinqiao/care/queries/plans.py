"""A patient's plan, and the steps of a period (随访计划查询)."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import F, QuerySet

from xinqiao.care.models import ContactAttempt, Enrolment, Step
from xinqiao.care.queries.pathways import get_pathway
from xinqiao.care.rules.states import ENROLMENT_WORDS, REASONS, STEP_WORDS
from xinqiao.kit.actor import Actor
from xinqiao.patients.queries import linked_ids, readable_patients
from xinqiao.worklist.rules import OUTCOMES

VIAS = {"self": "本人", "kin": "家属代填", "staff": "电话"}


@dataclass(frozen=True, slots=True)
class PlannedStep:
    """One step of a plan as a page shows it (计划步骤)."""

    id: UUID
    code: str
    title: str
    state: str
    word: str
    reason: str
    open_at: datetime
    due_at: datetime
    close_at: datetime
    asked_at: datetime | None
    asked_via: str
    completed_at: datetime | None
    completed_via: str
    response_id: UUID | None
    tries: tuple[tuple[datetime, str], ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """One enrolment with its steps (随访计划)."""

    id: UUID
    pathway: str
    title: str
    version: int
    encounter_id: UUID
    anchor_at: datetime
    state: str
    word: str
    reason: str
    steps: tuple[PlannedStep, ...]


def plan_of(
    patient_id: UUID, *, viewer: Actor, now: datetime, among: Sequence[UUID] | None = None
) -> list[Plan]:
    """This function will give a readable patient's plans, the latest first, over all linked records (随访计划).

    `among` are those records, where the caller has asked for them already.
    """
    ids = linked_ids(patient_id, viewer=viewer, now=now) if among is None else among
    enrolments = list(Enrolment.objects.filter(patient_id__in=ids).order_by("-anchor_at", "-id"))
    steps = _steps([one.id for one in enrolments])
    titles = {
        (one.pathway, one.version): get_pathway(one.pathway, one.version, viewer=viewer).title
        for one in enrolments
    }
    return [
        Plan(
            one.id, one.pathway, titles[one.pathway, one.version], one.version, one.encounter_id, one.anchor_at,
            one.state, ENROLMENT_WORDS[one.state], REASONS.get(one.ended_by, ""), tuple(steps[one.id]),
        )
        for one in enrolments
    ]  # fmt: skip


def enrolment_of(encounter_id: UUID, *, viewer: Actor, now: datetime) -> UUID | None:
    """This function will give the enrolment that a discharge led to and that stands, or None (出院的入组)."""
    readable = readable_patients(viewer, now).values("id")
    found = Enrolment.objects.filter(encounter_id=encounter_id, patient_id__in=readable).exclude(
        state="withdrawn"
    )
    return found.values_list("id", flat=True).first()


def steps_between(
    *, since: datetime, until: datetime, viewer: Actor, now: datetime, department_id: UUID | None = None
) -> QuerySet[Step]:
    """This function will give the relation of steps due in [since, until), for counting (期内随访步骤).

    Each row tells its own columns and, of its enrolment, `standing` and `ended_by`. It names nobody; whoever lists it
    by patient asks `patients` for what may be shown.
    """
    found = Step.objects.filter(organisation_id=viewer.organisation_id, due_at__gte=since, due_at__lt=until)
    if department_id:
        found = found.filter(department_id=department_id)
    return found.annotate(standing=F("enrolment__state"), ended_by=F("enrolment__ended_by"))


def _steps(enrolment_ids: list[UUID]) -> dict[UUID, list[PlannedStep]]:
    tries = defaultdict(list)
    for each in ContactAttempt.objects.filter(step__enrolment_id__in=enrolment_ids).order_by("at", "id"):
        tries[each.step_id].append((each.at, OUTCOMES[each.outcome].word))
    found = defaultdict(list)
    for step in Step.objects.filter(enrolment_id__in=enrolment_ids).order_by("due_at", "id"):
        found[step.enrolment_id].append(
            PlannedStep(
                step.id, step.code, step.title, step.state, STEP_WORDS[step.state], REASONS.get(step.reason, ""),
                step.open_at, step.due_at, step.close_at, step.asked_at, step.asked_via, step.completed_at,
                VIAS.get(step.completed_via, ""), step.response_id, tuple(tries[step.id]),
            )
        )  # fmt: skip
    return found
