"""What the record announces: live changes only, never a history that is loaded (临床事件)."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from xinqiao.kit.events import Event


@dataclass(frozen=True, kw_only=True)
class PatientAdmitted(Event):
    """A stay in hospital began (入院)."""

    encounter_id: UUID
    patient_id: UUID


@dataclass(frozen=True, kw_only=True)
class PatientDischarged(Event):
    """A stay in hospital ended (出院)."""

    encounter_id: UUID
    patient_id: UUID
    discharged_at: datetime


@dataclass(frozen=True, kw_only=True)
class DischargeCancelled(Event):
    """A discharge was taken back (取消出院)."""

    encounter_id: UUID
    patient_id: UUID


@dataclass(frozen=True, kw_only=True)
class AdmissionCancelled(Event):
    """A stay never took place (取消入院)."""

    encounter_id: UUID
    patient_id: UUID


@dataclass(frozen=True, kw_only=True)
class ReportArrived(Event):
    """A report came in, or a new version of one (报告到达)."""

    report_id: UUID
    patient_id: UUID
