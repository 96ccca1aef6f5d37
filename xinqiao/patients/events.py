"""What the index announces (患者主索引事件)."""

from dataclasses import dataclass
from uuid import UUID

from xinqiao.kit.events import Event


@dataclass(frozen=True, kw_only=True)
class PatientRegistered(Event):
    """A record was made for a person not known before (新患者建档)."""

    patient_id: UUID


@dataclass(frozen=True, kw_only=True)
class DemographicsChanged(Event):
    """What is held of a patient's name, birth, sex, address or contacts changed (患者信息变更)."""

    patient_id: UUID


@dataclass(frozen=True, kw_only=True)
class PatientDied(Event):
    """A death became known (患者死亡). Told once, however many messages repeat it."""

    patient_id: UUID


@dataclass(frozen=True, kw_only=True)
class ContactFailed(Event):
    """A phone number or address turned out not to reach the patient (联系方式失效)."""

    patient_id: UUID
    contact_id: UUID


@dataclass(frozen=True, kw_only=True)
class AccessChanged(Event):
    """Somebody may now read a patient, or may no longer (授权变更)."""

    patient_id: UUID
    access_id: UUID
