"""What a source says of one patient, as the record takes it in (临床数据所述). Times are aware."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from xinqiao.record.rules.marks import fitting_key

TEXT = "record.report"  # the place for which the text of reports is sealed
EVENTS = (
    "plan",  # A05
    "admit",  # A01, A04
    "mention",  # any message that speaks of the visit by the way
    "update",  # A08
    "transfer",  # A02
    "discharge",  # A03
    "cancel_discharge",  # A13
    "cancel_admission",  # A11
)


@dataclass(frozen=True, slots=True)
class CodeSaid:
    """A code as received, and the code it was mapped to: for observations LOINC, for conditions ICD-10 国临版 (编码)."""

    code: str = ""
    display: str = ""
    system: str = ""
    version: str = ""
    mapped: str = ""


@dataclass(frozen=True, slots=True)
class EncounterSaid:
    """One word about one visit (就诊所述): what happened (`event`), and what is known now.

    `source` says whose visit number it is, where that is not the sender: results from the laboratory carry the
    hospital's. Blank fields say nothing; `cleared` names those the source asks to delete.
    """

    source_key: str
    event: str = "mention"
    source: str = ""
    class_: str = ""
    department_id: UUID | None = None
    department_text: str = ""
    ward: str = ""
    bed: str = ""
    attending_id: UUID | None = None
    attending_name: str = ""
    started_at: datetime | None = None
    ended_at: datetime | None = None
    disposition: str = ""
    reason_text: str = ""
    cleared: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        if self.event not in EVENTS:
            raise ValueError(f"no visit event is called {self.event!r}")


@dataclass(frozen=True, slots=True)
class ConditionSaid:
    """A diagnosis; role is admitting, working, final or other (诊断)."""

    source_key: str
    code: CodeSaid
    role: str = ""
    onset_at: datetime | None = None
    at: datetime | None = None
    status: str = ""


@dataclass(frozen=True, slots=True)
class ObservationSaid:
    """One result: the text, the decimal and the unit as received (检验检查结果)."""

    source_key: str
    code: CodeSaid
    value_text: str = ""
    value: Decimal | None = None
    comparator: str = ""
    unit: str = ""
    reference_range: str = ""
    flag: str = ""
    at: datetime | None = None
    status: str = "final"
    report_key: str = ""


@dataclass(frozen=True, slots=True)
class ReportSaid:
    """A report or clinical document with its text (报告、病历文书)."""

    source_key: str
    code: CodeSaid
    title: str = ""
    text: str = ""
    at: datetime | None = None
    issued_at: datetime | None = None
    author_name: str = ""
    status: str = "final"


@dataclass(frozen=True, slots=True)
class ProcedureSaid:
    """A procedure or operation (手术操作)."""

    source_key: str
    code: CodeSaid
    at: datetime | None = None
    status: str = ""
    performer_name: str = ""


@dataclass(frozen=True, slots=True)
class MedicationSaid:
    """A medicine prescribed or given (用药)."""

    source_key: str
    code: CodeSaid
    text: str = ""
    days: int | None = None
    at: datetime | None = None
    status: str = ""


@dataclass(frozen=True, slots=True)
class AllergySaid:
    """An allergy (过敏)."""

    source_key: str
    code: CodeSaid
    kind: str = ""
    severity: str = ""
    reaction: str = ""
    at: datetime | None = None
    status: str = ""


@dataclass(frozen=True, slots=True)
class ImmunizationSaid:
    """A vaccination (接种)."""

    source_key: str
    code: CodeSaid
    dose_number: int | None = None
    at: datetime | None = None
    status: str = ""


@dataclass(frozen=True, slots=True)
class FactsSaid:
    """Everything that one message says of one patient (一条报文的临床内容).

    `source_at` is the source's own time, by which words are ordered whenever they arrive; `is_live` is False for
    what happened before the source went live. A fact without a time of its own has the source's.
    """

    patient_id: UUID
    source: str
    source_at: datetime
    received_at: datetime
    is_live: bool
    encounter: EncounterSaid | None = None
    conditions: tuple[ConditionSaid, ...] = ()
    observations: tuple[ObservationSaid, ...] = ()
    reports: tuple[ReportSaid, ...] = ()
    procedures: tuple[ProcedureSaid, ...] = ()
    medications: tuple[MedicationSaid, ...] = ()
    allergies: tuple[AllergySaid, ...] = ()
    immunizations: tuple[ImmunizationSaid, ...] = ()

    @property
    def visit_key(self) -> "VisitKey | None":
        """Whose and which encounter this speaks of: patient, whose number, the number (就诊键)."""
        said = self.encounter
        return (self.patient_id, said.source or self.source, fitting_key(said.source_key)) if said else None


VisitKey = tuple[UUID, str, str]
type FactSaid = (
    ConditionSaid
    | ObservationSaid
    | ReportSaid
    | ProcedureSaid
    | MedicationSaid
    | AllergySaid
    | ImmunizationSaid
)
