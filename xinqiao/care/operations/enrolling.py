"""Who begins to be followed, and what the events of his life do to it (入组与变更)."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from xinqiao.audit.operations import concerning, operation
from xinqiao.care.models import Enrolment, Step
from xinqiao.care.operations.planning import Steps
from xinqiao.care.queries.contacting import contact_obstacle_of
from xinqiao.care.queries.pathways import entry_facts, newest_pathways
from xinqiao.care.rules.pathways import Pathway
from xinqiao.care.rules.plans import PlannedStep, plan
from xinqiao.care.rules.states import advance_enrolment, effect_of
from xinqiao.kit.actor import Actor
from xinqiao.kit.ids import new_id
from xinqiao.messaging.operations import cancel_messages
from xinqiao.questionnaires.operations import void_invitations
from xinqiao.record.queries import EncounterCard, get_encounter
from xinqiao.worklist.operations import withdraw_items
from xinqiao.worklist.queries import zone_of

# What a patient himself, or where he lives, has ended is not begun again for the same discharge.
FOR_GOOD = ("refused", "moved_away", "lost", "consent_withdrawn")
# What has run to its end stays as it was, unless the discharge itself never took place.
REACHES_THE_COMPLETED = ("discharge_cancelled",)


@operation
def enrol_patient(*, patient_id: UUID, encounter_id: UUID, by: Actor, now: datetime) -> list[UUID]:
    """This function will start every pathway that a discharge calls for, and give the enrolments (出院入组).

    Done twice it changes nothing. A discharge at another time than before plans anew; a stay that has not ended after
    all, a patient who died, a sealed record and a withdrawn consent start nothing.
    """
    encounter = get_encounter(encounter_id, viewer=by, now=now)
    if encounter.status != "finished" or encounter.ended_at is None:
        return []
    if contact_obstacle_of(patient_id, viewer=by, now=now):
        return []
    begun = [_enrol(pathway, encounter, by, now) for pathway in newest_pathways("discharge", viewer=by)]
    return [enrolment_id for enrolment_id in begun if enrolment_id]


@operation
def apply_life_event(
    *, patient_id: UUID, event: str, by: Actor, now: datetime, encounter_id: UUID | None = None
) -> int:
    """This function will let an event of a patient's life take effect on his enrolments, and count them (事件生效).

    `event` is a key of `rules.states.EFFECTS`; `encounter_id` is the stay that it concerns, if any.
    """
    enrolments = Enrolment.objects.filter(_concerned(event, encounter_id), patient_id=patient_id)
    return affect_enrolments(
        enrolment_ids=_ids(enrolments), event=event, encounter_id=encounter_id, by=by, now=now
    )


@operation
def affect_enrolments(
    *, enrolment_ids: Iterable[UUID], event: str, by: Actor, now: datetime, encounter_id: UUID | None = None
) -> int:
    """This function will let an event take effect on these enrolments and on all that hangs on them (影响入组)."""
    enrolments = Enrolment.objects.filter(id__in=list(enrolment_ids))
    if event not in REACHES_THE_COMPLETED:
        enrolments = enrolments.exclude(state="completed")
    changed = [one for one in enrolments.select_for_update().order_by("id") if effect_of(event, one.state)]
    for enrolment in changed:
        _change(enrolment, event, encounter_id, now)
    ids = [one.id for one in changed]
    concerning(*dict.fromkeys(one.patient_id for one in changed), event=event, enrolment_ids=ids)
    subjects = list(Step.objects.filter(enrolment_id__in=ids).values_list("id", flat=True))
    if subjects:
        withdraw_items(subject_ids=subjects, reason=event, by=by, now=now)
        cancel_messages(subject_ids=subjects, by=by, now=now)
        if event != "readmission_cancelled":
            void_invitations(subject_ids=subjects, by=by, now=now)
    return len(changed)


@operation
def begin_enrolment(
    *, pathway: Pathway, encounter: EncounterCard, planned: Iterable[PlannedStep], by: Actor, now: datetime
) -> UUID:
    """This function will write one enrolment with its steps as they were planned (写入组)."""
    if encounter.ended_at is None:
        raise ValueError("a stay that has not ended anchors no pathway")
    enrolment = Enrolment.objects.create(
        id=new_id(now), organisation_id=by.organisation_id, patient_id=encounter.patient_id,
        pathway=pathway.code, version=pathway.version, encounter_id=encounter.id,
        department_id=encounter.department_id, anchor_at=encounter.ended_at, enrolled_at=now, changed_at=now,
    )  # fmt: skip
    Step.objects.bulk_create([Steps.laid(enrolment, step, now) for step in planned])
    Steps.close(enrolment, now)
    concerning(encounter.patient_id, enrolment_id=enrolment.id)
    return enrolment.id


def _enrol(pathway: Pathway, encounter: EncounterCard, by: Actor, now: datetime) -> UUID | None:
    ended_at = encounter.ended_at
    planned = ended_at and plan(pathway, ended_at, entry_facts(encounter, viewer=by), zone_of(viewer=by))
    if not planned:
        return None
    of_patient = Enrolment.objects.filter(patient_id=encounter.patient_id, pathway=pathway.code)
    for known in of_patient.filter(encounter_id=encounter.id).order_by("-enrolled_at", "-id"):
        if known.ended_by in FOR_GOOD:
            return None
        if known.state != "withdrawn" and known.anchor_at == encounter.ended_at:
            return known.id
    earlier = of_patient.filter(Q(anchor_at__lte=encounter.ended_at) | Q(encounter_id=encounter.id))
    affect_enrolments(enrolment_ids=_ids(earlier), event="discharged_again", by=by, now=now)
    if of_patient.filter(anchor_at__gt=encounter.ended_at).exclude(state="withdrawn").exists():
        return None
    return begin_enrolment(pathway=pathway, encounter=encounter, planned=planned, by=by, now=now)


def _ids(enrolments: QuerySet[Enrolment]) -> list[UUID]:
    return list(enrolments.values_list("id", flat=True))


def _concerned(event: str, encounter_id: UUID | None) -> Q:
    if event == "discharge_cancelled":
        return Q(encounter_id=encounter_id)
    if event == "readmission_cancelled":
        return Q(paused_for=encounter_id)
    if event == "death_denied":
        return Q(ended_by="death_reported")
    return ~Q(encounter_id=encounter_id) if event == "readmitted" else Q()


def _change(enrolment: Enrolment, event: str, encounter_id: UUID | None, now: datetime) -> None:
    effect = effect_of(event, enrolment.state)
    if effect is None:
        return
    steps = Steps.open_of([enrolment.id])
    enrolment.state = advance_enrolment(enrolment.state, effect.enrolment)
    enrolment.ended_by = "" if effect.may_contact else event
    enrolment.paused_for = encounter_id if event == "readmitted" else None
    enrolment.changed_at = now
    enrolment.save()
    if effect.steps == "cancel":
        Steps.cancel(steps, event, now)
    elif effect.may_contact:
        Steps.rouse(steps, now)
        Steps.close(enrolment, now)
    else:
        Steps.still(steps, now)
