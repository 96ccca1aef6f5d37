"""What the hospital knows of one person, as plain rows (患者)."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Identifier:
    kind: str  # national_id national_id_15 home_permit taiwan_permit residence_permit passport birth_certificate
    value: str


@dataclass(frozen=True, slots=True)
class Phone:
    number: str
    owner: str  # self, child, parent, spouse
    kind: str = "mobile"  # mobile, landline


@dataclass(frozen=True, slots=True)
class Ailment:
    icd10: str
    name: str
    since_on: date


@dataclass(frozen=True, slots=True)
class Person:
    key: str
    index: int
    organisation: str
    mrn: str
    name: str
    sex: str
    birth_on: date
    people: str
    identifiers: tuple[Identifier, ...]
    phones: tuple[Phone, ...]
    email: str
    region: str
    address: str
    household: int
    relation: str  # self, spouse, parent, child: in the household
    ailments: tuple[Ailment, ...]
    label: str = "ordinary"  # ordinary, psychiatric, infectious, reproductive
    prefers: str = "sms"  # sms, phone
    note: str = ""

    def age_on(self, day: date) -> int:
        """Count full years (周岁)."""
        return age(self.birth_on, day)

    def has(self, icd10: str) -> bool:
        """Tell whether a chronic condition of this code family is known (既往史)."""
        return any(ailment.icd10.startswith(icd10) for ailment in self.ailments)

    @property
    def phone(self) -> str:
        """The number that a call or text would go to first (首选电话)."""
        return self.phones[0].number if self.phones else ""


def age(birth_on: date, day: date) -> int:
    """Count full years between a birth and a day (周岁)."""
    return day.year - birth_on.year - ((day.month, day.day) < (birth_on.month, birth_on.day))
