"""What privacy announces (知情同意事件)."""

from dataclasses import dataclass
from uuid import UUID

from xinqiao.kit.events import Event


@dataclass(frozen=True, kw_only=True)
class ConsentChanged(Event):
    """A consent was given or withdrawn (同意变更)."""

    patient_id: UUID
    consent_id: UUID
    purpose: str


@dataclass(frozen=True, kw_only=True)
class PatientErased(Event):
    """A patient's data were erased, or restricted where a law keeps them (患者资料已擦除)."""

    patient_id: UUID
    erasure_id: UUID
