"""What the questionnaires announce (问卷事件)."""

from dataclasses import dataclass
from uuid import UUID

from xinqiao.kit.events import Event


@dataclass(frozen=True, kw_only=True)
class ResponseCompleted(Event):
    """A form was filled in to its end, by the patient, a relative, or staff on the phone (问卷完成)."""

    response_id: UUID
    patient_id: UUID
    subject_id: UUID


@dataclass(frozen=True, kw_only=True)
class DangerAnswered(Event):
    """An answer that must not wait was given, perhaps in a form still being filled (危险回答).

    `level` is 1…4 as of alerts. Told once for each question, and again only when its answer became graver.
    """

    response_id: UUID
    patient_id: UUID
    subject_id: UUID
    level: int
