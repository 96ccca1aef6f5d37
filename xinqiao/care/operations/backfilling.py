"""Enrolling patients discharged before their source went live: proposed with a list, approved by another (补入组)."""

from datetime import datetime
from uuid import UUID

from xinqiao.accounts.queries import require
from xinqiao.audit.operations import concerning, operation
from xinqiao.care.models import Backfill, BackfillCandidate, Enrolment
from xinqiao.care.operations.enrolling import begin_enrolment
from xinqiao.care.queries.contacting import contact_obstacle_of
from xinqiao.care.queries.pathways import entry_facts, get_pathway, newest_pathways
from xinqiao.care.rules.backfill import approve
from xinqiao.care.rules.pathways import Pathway
from xinqiao.care.rules.plans import PlannedStep, plan
from xinqiao.kit.actor import Actor
from xinqiao.kit.errors import NotFound
from xinqiao.kit.ids import new_id
from xinqiao.record.queries import EncounterCard, discharges, get_encounter
from xinqiao.worklist.queries import zone_of


@operation
def propose_backfill(*, since: datetime, until: datetime, by: Actor, now: datetime) -> UUID:
    """This function will list the discharges of [since, until) that could still be followed, and why not (提出补入组).

    Nothing is enrolled, planned or sent by it; `queries.get_backfill` shows the numbers and the list.
    """
    require(by, "message.send")
    pathway = newest_pathways("discharge", viewer=by)[0]
    proposal = Backfill.objects.create(
        id=new_id(now), organisation_id=by.organisation_id, pathway=pathway.code, version=pathway.version,
        starts_at=since, ends_at=until, proposed_at=now, proposed_by_id=by.user_id,
    )  # fmt: skip
    stays = discharges(since=since, until=until, viewer=by, now=now)
    BackfillCandidate.objects.bulk_create(_candidate(proposal, pathway, stay, by, now) for stay in stays)
    concerning(*dict.fromkeys(stay.patient_id for stay in stays), backfill_id=proposal.id)
    return proposal.id


@operation
def approve_backfill(*, backfill_id: UUID, by: Actor, now: datetime) -> int:
    """This function will enrol those on a proposal's list, approved by another than its author, and count them (审批补入组).

    Each is judged again by what is known now; windows that have passed make no work.
    """
    require(by, "message.send")
    here = Backfill.objects.filter(id=backfill_id, organisation_id=by.organisation_id)
    proposal = here.select_for_update().first()
    if proposal is None:
        raise NotFound
    proposal.state = approve(proposal.state, proposal.proposed_by_id, by.user_id)
    proposal.approved_at, proposal.approved_by_id = now, by.user_id
    proposal.save()
    pathway = get_pathway(proposal.pathway, proposal.version, viewer=by)
    listed = BackfillCandidate.objects.filter(backfill=proposal, obstacle="").order_by("discharged_at", "id")
    begun = 0
    for row in listed:
        stay = get_encounter(row.encounter_id, viewer=by, now=now)
        obstacle, planned = _judge(pathway, stay, by, now)
        if not obstacle:
            begin_enrolment(pathway=pathway, encounter=stay, planned=planned, by=by, now=now)
            begun += 1
    concerning(backfill_id=proposal.id, enrolled=begun)
    return begun


def _candidate(
    proposal: Backfill, pathway: Pathway, stay: EncounterCard, by: Actor, now: datetime
) -> BackfillCandidate:
    if stay.ended_at is None:
        raise ValueError("a stay that has not ended is no candidate")
    obstacle, planned = _judge(pathway, stay, by, now)
    return BackfillCandidate(
        id=new_id(now), organisation_id=proposal.organisation_id, patient_id=stay.patient_id, backfill=proposal,
        encounter_id=stay.id, discharged_at=stay.ended_at, obstacle=obstacle,
        steps_left=len(_left(planned, now)),
    )  # fmt: skip


def _judge(pathway: Pathway, stay: EncounterCard, by: Actor, now: datetime) -> tuple[str, list[PlannedStep]]:
    if stay.status != "finished" or stay.ended_at is None:
        return "entry", []
    planned = plan(pathway, stay.ended_at, entry_facts(stay, viewer=by), zone_of(viewer=by))
    if obstacle := contact_obstacle_of(stay.patient_id, viewer=by, now=now):
        return obstacle, planned
    if Enrolment.objects.filter(
        patient_id=stay.patient_id, pathway=pathway.code, anchor_at__gte=stay.ended_at
    ).exists():
        return "enrolled", planned
    if not planned:
        return "entry", planned
    return ("" if _left(planned, now) else "late"), planned


def _left(planned: list[PlannedStep], now: datetime) -> list[PlannedStep]:
    return [step for step in planned if step.close_at > now]
