"""What a source says of a patient, in plain frozen data (患者基本信息)."""

from dataclasses import dataclass
from datetime import date, datetime

ATTRIBUTES = ("name", "sex", "birth_on", "deceased_at", "nationality", "region", "address")
CLEARABLE = frozenset((*ATTRIBUTES, "phones", "kin"))


@dataclass(frozen=True, slots=True)
class IdentifierSaid:
    """A number by which the source knows the patient (患者标识).

    `kind` is one of `rules.identifiers.KINDS`; `system` says who gave it, "" for the organisation itself.
    """

    kind: str
    value: str
    system: str = ""


@dataclass(frozen=True, slots=True)
class PhoneSaid:
    """A phone number or e-mail address, and whose it is: self, child, spouse, parent, other (联系方式)."""

    value: str
    owner: str = "self"
    owner_name: str = ""


@dataclass(frozen=True, slots=True)
class KinSaid:
    """A relative or other person to be called (联系人)."""

    name: str
    relation: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class Demographics:
    """One message's word on one patient (一条来源的患者信息).

    None, "" and () say nothing; what the source deletes is named in `cleared`. `source_at` is the source's own time
    (EVN-2, else MSH-7): of two words on one attribute the later stands, whenever they arrive.
    """

    source: str
    source_at: datetime
    identifiers: tuple[IdentifierSaid, ...]
    name: str = ""
    sex: str = ""
    birth_on: date | None = None
    birth_precision: str = "day"
    phones: tuple[PhoneSaid, ...] = ()
    address: str = ""
    region: str = ""
    kin: tuple[KinSaid, ...] = ()
    deceased_at: datetime | None = None
    nationality: str = ""
    cleared: frozenset[str] = frozenset()
