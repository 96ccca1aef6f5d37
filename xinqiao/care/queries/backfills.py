"""Which older discharges could still be enrolled, and who would approve it (补入组预览)."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from xinqiao.care.models import Backfill, BackfillCandidate
from xinqiao.care.rules.backfill import OBSTACLES, WORDS
from xinqiao.kit.actor import Actor
from xinqiao.kit.errors import NotFound
from xinqiao.patients.queries import names


@dataclass(frozen=True, slots=True)
class Candidate:
    """One older discharge in a preview (名单一行); `obstacle` is empty for one that would be enrolled."""

    patient_id: UUID
    patient_name: str
    encounter_id: UUID
    discharged_at: datetime
    steps_left: int
    obstacle: str


@dataclass(frozen=True, slots=True)
class Preview:
    """A proposal with its numbers and its list (补入组预览)."""

    id: UUID
    pathway: str
    version: int
    since: datetime
    until: datetime
    state: str
    word: str
    enrols: int
    steps: int
    obstacles: dict[str, int]
    candidates: tuple[Candidate, ...]


def get_backfill(backfill_id: UUID, *, viewer: Actor, now: datetime) -> Preview:
    """This function will give a proposal with its numbers and its list (补入组预览)."""
    proposal = Backfill.objects.filter(id=backfill_id, organisation_id=viewer.organisation_id).first()
    if proposal is None:
        raise NotFound
    rows = list(BackfillCandidate.objects.filter(backfill=proposal).order_by("discharged_at", "id"))
    people = names({row.patient_id for row in rows}, viewer=viewer, now=now)
    listed = tuple(
        Candidate(
            row.patient_id, people.get(row.patient_id, ""), row.encounter_id, row.discharged_at, row.steps_left,
            OBSTACLES.get(row.obstacle, ""),
        )
        for row in rows
    )  # fmt: skip
    free = [one for one in listed if not one.obstacle]
    return Preview(
        id=proposal.id, pathway=proposal.pathway, version=proposal.version, since=proposal.starts_at,
        until=proposal.ends_at, state=proposal.state, word=WORDS[proposal.state], enrols=len(free),
        steps=sum(one.steps_left for one in free),
        obstacles=dict(Counter(one.obstacle for one in listed if one.obstacle)), candidates=listed,
    )  # fmt: skip
