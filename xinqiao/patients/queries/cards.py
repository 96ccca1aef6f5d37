"""One patient as the page's rail shows him (患者卡)."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from xinqiao.kit.actor import Actor
from xinqiao.kit.crypto import unseal
from xinqiao.kit.errors import NotFound
from xinqiao.patients.models import ContactPoint, Identifier, Kin, Patient
from xinqiao.patients.queries.readable import linked_patients
from xinqiao.patients.rules.age import age_text, local_day
from xinqiao.patients.rules.folding import Folded, conflicts
from xinqiao.patients.rules.identifiers import KINDS
from xinqiao.patients.rules.names import mask_name
from xinqiao.patients.rules.papers import mask_number
from xinqiao.patients.rules.phones import mask_phone


@dataclass(frozen=True, slots=True)
class Number:
    """One identifier, masked for the page and whole for who asks (标识)."""

    kind: str
    word: str
    masked: str
    value: str
    is_valid: bool


@dataclass(frozen=True, slots=True)
class Contact:
    """One way to reach the patient (联系方式)."""

    id: UUID
    kind: str
    masked: str
    value: str
    owner: str
    owner_name: str
    state: str
    preferred: bool


@dataclass(frozen=True, slots=True)
class Relative:
    """One relative (联系人)."""

    name: str
    relation: str
    masked: str
    phone: str


@dataclass(frozen=True, slots=True)
class PatientCard:
    """Who a patient is (患者卡); `records` are all readable ones of the same person, for what is asked next."""

    id: UUID
    organisation_id: UUID
    name: str
    masked_name: str
    sex: str
    birth_on: date | None
    birth_precision: str
    age: str
    label: int
    informed: str
    deceased_at: datetime | None
    nationality: str
    region: str
    address: str
    index_id: UUID | None
    identifiers: tuple[Number, ...]
    contacts: tuple[Contact, ...]
    kin: tuple[Relative, ...]
    warnings: tuple[str, ...]
    records: tuple[UUID, ...]


def get_patient(patient_id: UUID, *, viewer: Actor, now: datetime) -> PatientCard:
    """This function will give everything that tells who a patient is (患者卡).

    Raises NotFound when there is none or the viewer may not read him. Four queries, whatever is held.
    """
    same = {one.id: one for one in linked_patients(patient_id, viewer=viewer, now=now)}
    if patient_id not in same:
        raise NotFound
    patient = same[patient_id]
    numbers = _numbers(patient)
    return PatientCard(
        id=patient.id,
        organisation_id=patient.organisation_id,
        name=patient.name,
        masked_name=mask_name(patient.name),
        sex=patient.sex,
        birth_on=patient.birth_on,
        birth_precision=patient.birth_precision,
        age=age_text(patient.birth_on, local_day(patient.deceased_at or now)),
        label=patient.label,
        informed=patient.informed,
        deceased_at=patient.deceased_at,
        nationality=patient.nationality,
        region=patient.region,
        address=_open(patient.id, patient.address_sealed, "patients.address"),
        index_id=patient.index_id,
        identifiers=numbers,
        contacts=contacts_of(patient.id, viewer=viewer),
        kin=_kin(patient.id),
        warnings=_warnings(patient, numbers),
        records=tuple(sorted(same)),
    )


def contacts_of(patient_id: UUID, *, viewer: Actor) -> tuple[Contact, ...]:
    """This function will give the current contact points, each number once, the best first (联系方式).

    The caller has made sure that the viewer may read the patient; row security asks again.
    """
    rows = ContactPoint.objects.filter(patient_id=patient_id, superseded_at=None)
    found: dict[tuple[str, str], Contact] = {}
    for row in rows.order_by("-preferred", "place", "-created_at", "id"):
        value = unseal(patient_id, row.value_sealed, "patients.contact")
        name = _open(patient_id, row.owner_name_sealed, "patients.owner_name")
        contact = Contact(
            row.id, row.kind, mask_phone(value), value, row.owner, name, row.state, row.preferred
        )
        found.setdefault((row.kind, value), contact)
    return tuple(found.values())


def _numbers(patient: Patient) -> tuple[Number, ...]:
    found = []
    for row in Identifier.objects.filter(patient_id=patient.id).order_by("kind", "created_at", "id"):
        value = unseal(patient.id, row.value_sealed, "patients.identifier")
        found.append(Number(row.kind, KINDS.get(row.kind, row.kind), mask_number(value), value, row.is_valid))
    return tuple(found)


def _kin(patient_id: UUID) -> tuple[Relative, ...]:
    rows = Kin.objects.filter(patient_id=patient_id, superseded_at=None).order_by("created_at", "id")
    opened = [
        (
            row,
            unseal(patient_id, row.name_sealed, "patients.kin_name"),
            _open(patient_id, row.phone_sealed, "patients.kin_phone"),
        )
        for row in rows
    ]
    return tuple(Relative(name, row.relation, mask_phone(phone), phone) for row, name, phone in opened)


def _warnings(patient: Patient, numbers: tuple[Number, ...]) -> tuple[str, ...]:
    folded = Folded(
        sex=patient.sex,
        birth_on=patient.birth_on,
        paper_sex=patient.paper_sex,
        paper_birth_on=patient.paper_birth_on,
    )
    found = conflicts(folded)
    found += [f"{one.word}号码有误（{one.masked}），请核对证件原件" for one in numbers if not one.is_valid]
    if len([one for one in numbers if one.kind == "resident_id" and one.is_valid]) > 1:
        found.append("登记了两个不同的居民身份证号码，可能混入了另一位患者，请核对")
    return tuple(found)


def _open(patient_id: UUID, sealed: bytes | memoryview | None, where: str) -> str:
    return unseal(patient_id, sealed, where) if sealed else ""
