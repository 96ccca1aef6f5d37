"""What one message says, in plain frozen data without any database (报文所述)."""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from .times import TimeSaid


@dataclass(frozen=True, slots=True)
class Coded:
    """A code as received with its display, and the sender's alternate code (编码)."""

    code: str = ""
    display: str = ""
    system: str = ""
    other_code: str = ""
    other_display: str = ""
    other_system: str = ""

    def __bool__(self) -> bool:
        return bool(self.code or self.display)


@dataclass(frozen=True, slots=True)
class IdentifierSaid:
    """An identifier of a patient; kind is one of identifiers.KINDS (患者标识)."""

    value: str
    kind: str
    type_code: str = ""
    authority: str = ""


@dataclass(frozen=True, slots=True)
class NameSaid:
    """A name and its type code of HL7 table 0200 (姓名)."""

    text: str
    family: str = ""
    given: str = ""
    use: str = ""


@dataclass(frozen=True, slots=True)
class PhoneSaid:
    """A phone number or e-mail address; kind is mobile, landline, fax, email or other (联系方式)."""

    number: str
    kind: str = "other"
    use: str = ""


@dataclass(frozen=True, slots=True)
class AddressSaid:
    """An address: whole text and its parts as received (地址)."""

    text: str
    street: str = ""
    city: str = ""
    province: str = ""
    postcode: str = ""
    country: str = ""
    use: str = ""


@dataclass(frozen=True, slots=True)
class KinSaid:
    """A next of kin (联系人)."""

    name: str
    relation: Coded
    phones: tuple[PhoneSaid, ...] = ()


@dataclass(frozen=True, slots=True)
class PatientSaid:
    """Who the message is about; `cleared` names the attributes the sender asks to delete (患者)."""

    identifiers: tuple[IdentifierSaid, ...]
    names: tuple[NameSaid, ...] = ()
    name: str = ""
    sex: str = ""
    birth_on: date | None = None
    birth_precision: str = ""
    phones: tuple[PhoneSaid, ...] = ()
    addresses: tuple[AddressSaid, ...] = ()
    marital: Coded = Coded()
    ethnicity: Coded = Coded()
    dead: bool | None = None
    died: TimeSaid | None = None
    kin: tuple[KinSaid, ...] = ()
    cleared: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class PlaceSaid:
    """Where in the hospital (病区、房间、床位)."""

    unit: str = ""
    room: str = ""
    bed: str = ""
    facility: str = ""
    unit_name: str = ""


@dataclass(frozen=True, slots=True)
class PractitionerSaid:
    """A doctor by number and name (医生)."""

    number: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class EncounterSaid:
    """A visit; visit_number "" means the message does not say which one, so nothing may be recorded (就诊)."""

    visit_number: str
    kind: str = ""
    status: str = ""
    place: PlaceSaid = PlaceSaid()
    former_place: PlaceSaid = PlaceSaid()
    attending: PractitionerSaid = PractitionerSaid()
    admitted: TimeSaid | None = None
    discharged: TimeSaid | None = None
    disposition: Coded = Coded()
    service: str = ""
    cleared: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class ConditionSaid:
    """A diagnosis; role is admitting, working, final or other (诊断)."""

    code: Coded
    role: str = ""
    diagnosed: TimeSaid | None = None
    rank: str = ""


@dataclass(frozen=True, slots=True)
class AllergySaid:
    """An allergy (过敏)."""

    code: Coded
    kind: str = ""
    severity: str = ""
    reactions: tuple[str, ...] = ()
    since: TimeSaid | None = None


@dataclass(frozen=True, slots=True)
class ProcedureSaid:
    """A procedure or operation (手术操作)."""

    code: Coded
    performed: TimeSaid | None = None


@dataclass(frozen=True, slots=True)
class DocumentSaid:
    """Encapsulated data as received, still encoded (附件)."""

    media: str
    encoding: str
    data: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class ObservationSaid:
    """One result: the value as received, and as a number where it is one (检验检查结果).

    `report` is the index of its report in the same Said, None when it stands alone.
    """

    code: Coded
    value_type: str
    value_text: str = ""
    value_code: Coded = Coded()
    decimal: Decimal | None = None
    comparator: str = ""
    unit: str = ""
    reference_range: str = ""
    flags: tuple[str, ...] = ()
    status: str = ""
    observed: TimeSaid | None = None
    sub_id: str = ""
    report: int | None = None
    document: DocumentSaid | None = None
    comment: str = ""


@dataclass(frozen=True, slots=True)
class ReportSaid:
    """A group of results, or a document with its text (报告、病历文书)."""

    number: str
    code: Coded
    status: str = ""
    observed: TimeSaid | None = None
    issued: TimeSaid | None = None
    text: str = ""
    order_number: str = ""
    author: PractitionerSaid = PractitionerSaid()


@dataclass(frozen=True, slots=True)
class Said:
    """Everything one message says about one patient (一条报文所述)."""

    kind: str
    trigger: str = ""
    control_id: str = ""
    event_at: datetime | None = None
    recorded_at: datetime | None = None
    sending_app: str = ""
    patient: PatientSaid | None = None
    encounter: EncounterSaid | None = None
    conditions: tuple[ConditionSaid, ...] = ()
    allergies: tuple[AllergySaid, ...] = ()
    observations: tuple[ObservationSaid, ...] = ()
    reports: tuple[ReportSaid, ...] = ()
    procedures: tuple[ProcedureSaid, ...] = ()
    reason: str = ""
    notes: tuple[str, ...] = ()
