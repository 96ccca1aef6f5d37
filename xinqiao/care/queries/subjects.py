"""What an event of a lower room is about, when it is about a step (事件所指的步骤); whether the clock has anything to do."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from xinqiao.care.models import Step
from xinqiao.kit.actor import Actor


@dataclass(frozen=True, slots=True)
class StepCard:
    """The step that something is about (步骤)."""

    id: UUID
    questionnaire: str
    state: str


def step_of_subject(subject_id: UUID | None, *, viewer: Actor) -> StepCard | None:
    """This function will find the step that a subject id names, or None (按主题找步骤)."""
    named = Step.objects.filter(id__in=[subject_id] if subject_id else [])
    row = named.values_list("id", "questionnaire", "state").first()
    return StepCard(*row) if row else None


def has_due_steps(*, viewer: Actor, now: datetime) -> bool:
    """This function will say whether any step of the organisation waits for the clock (有无到期步骤)."""
    return Step.objects.filter(organisation_id=viewer.organisation_id, wake_at__lte=now).exists()
