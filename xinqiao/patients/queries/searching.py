"""One box to find a patient (患者检索): name, sound, initials, phone, identity and hospital numbers.

Ranges and equality only: under row security LIKE and trigrams lose their indexes.
"""

import re
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import IntegerField, Q, QuerySet, Value

from xinqiao.kit.actor import Actor
from xinqiao.kit.crypto import keystore, open_with
from xinqiao.patients.models import ContactPoint, Identifier, Patient
from xinqiao.patients.queries.readable import searchable_patients
from xinqiao.patients.rules.age import age_text, local_day
from xinqiao.patients.rules.blinds import identifier_blind, phone_blind, tail_blind
from xinqiao.patients.rules.names import HAN, mask_name, normalise_name
from xinqiao.patients.rules.papers import mask_number, normalise_number
from xinqiao.patients.rules.phones import mask_phone, read_contact

LAST = "\U0010ffff"
SHOWN = ("id", "index_id", "name", "sex", "birth_on", "deceased_at")
TAIL = re.compile(r"\d{3}[\dX]")
SEALED_AT = {True: "patients.contact", False: "patients.identifier"}


@dataclass(frozen=True, slots=True)
class Hit:
    """One patient found; numbers are masked (检索结果). `matched` says by what: number, name, sound or tail."""

    patient_id: UUID
    name: str
    masked_name: str
    sex: str
    birth_on: date | None
    age: str
    mrn: str
    identity: str
    phone: str
    deceased_at: datetime | None
    matched: str


def search(text: str, *, viewer: Actor, now: datetime, limit: int = 20) -> list[Hit]:
    """This function will find patients by whatever is typed into the one box, the best first (患者检索).

    Whole numbers, then names (exact before longer), sounds, initials, given names, last four. Three queries.
    Records that a merge has linked appear once, as the surviving one.
    """
    text = normalise_name(text)
    if not text or viewer.organisation_id is None:
        return []
    here = searchable_patients(viewer, now)
    branches = [_branch(here, *each, limit) for each in _asked(text, viewer.organisation_id)]
    if not branches:
        return []
    found = branches[0].union(*branches[1:], all=True) if branches[1:] else branches[0]
    best: dict[UUID, tuple] = {}
    for place, row in enumerate(found):
        key = (row["rank"], place)
        root = row["index_id"] or row["id"]
        if root not in best or key < best[root][0]:
            best[root] = (key, row)
    shown = dict(sorted(best.items(), key=lambda one: one[1][0])[:limit])
    people = {root: row for root, (_, row) in shown.items()} | _survivors(here, shown)
    numbers = _numbers(list(people))
    return [_hit(root, people[root], numbers[root], now) for root in shown]


def _survivors(here: QuerySet[Patient], shown: dict[UUID, tuple]) -> dict[UUID, dict]:
    """The surviving records of those that were found by a record linked to them; none in the plain case."""
    linked = {root: key[0] for root, (key, row) in shown.items() if row["id"] != root}
    rows = here.filter(id__in=linked).values(*SHOWN) if linked else []
    return {row["id"]: row | {"rank": linked[row["id"]]} for row in rows}


def _asked(text: str, organisation_id: UUID) -> list[tuple[int, Q, str]]:
    """The branches of one search: (rank, condition, order)."""
    if HAN.match(text):
        return [(1, _range("name", text), "name"), (4, _range("given", text), "given")]
    if not re.search(r"\d", text):
        letters = re.sub(r"[^a-z]", "", text.lower().replace("ü", "v"))
        asked = [(2, _range("pinyin", letters), "pinyin"), (3, _range("initials", letters), "initials")]
        return asked if letters else []
    return [(rank, Q(id__in=owners), "birth_on") for rank, owners in _by_number(text, organisation_id)]


def _by_number(text: str, organisation_id: UUID) -> list[tuple[int, QuerySet]]:
    """Whoever has this number, written in any way, as an identifier or a phone; or one that ends so."""
    written = dict.fromkeys((normalise_number(text), text))
    blinds = [identifier_blind(organisation_id, each) for each in written]
    found = [(0, _owners(Identifier, organisation_id, value_blind__in=blinds))]
    kind, value, _ = read_contact(text)
    if kind != "other" or value.startswith("+"):
        called = phone_blind(organisation_id, value)
        found.append((0, _owners(ContactPoint, organisation_id, value_blind=called, superseded_at=None)))
    if TAIL.fullmatch(normalise_number(text)):
        ends = tail_blind(organisation_id, normalise_number(text))
        found.append((5, _owners(Identifier, organisation_id, tail_blind=ends)))
        found.append((5, _owners(ContactPoint, organisation_id, tail_blind=ends, superseded_at=None)))
    return found


def _branch(here: QuerySet[Patient], rank: int, asked: Q, order: str, limit: int) -> QuerySet:
    ranked = here.filter(asked).annotate(rank=Value(rank, IntegerField()))
    return ranked.order_by(*dict.fromkeys((order, "birth_on"))).values(*SHOWN, "rank")[:limit]


def _range(column: str, prefix: str) -> Q:
    return Q(**{f"{column}__gte": prefix, f"{column}__lt": prefix + LAST})


def _owners(table: type[Identifier] | type[ContactPoint], organisation_id: UUID, **asked) -> QuerySet:
    return table.objects.filter(organisation_id=organisation_id, **asked).values("patient_id")


def _numbers(patients: list[UUID]) -> dict[UUID, dict[str, str]]:
    """The numbers shown beside the name, masked, of all hits in one query."""
    columns = ("patient_id", "kind", "value_sealed", "phone")
    papers = Identifier.objects.filter(
        patient_id__in=patients, kind__in=("mrn", "resident_id"), is_valid=True
    )
    calls = ContactPoint.objects.filter(patient_id__in=patients, superseded_at=None).exclude(kind="email")
    both = (
        papers.annotate(phone=Value(0, IntegerField()))
        .values_list(*columns)
        .union(calls.annotate(phone=Value(1, IntegerField())).values_list(*columns), all=True)
    )
    rows = list(both)
    keys = keystore().keys({row[0] for row in rows}, create=False)
    shown: dict[UUID, dict[str, str]] = defaultdict(dict)
    for patient_id, kind, sealed, phone in rows:
        value = open_with(keys[patient_id], sealed, SEALED_AT[bool(phone)]).decode()
        word = "phone" if phone else kind
        shown[patient_id].setdefault(
            word, mask_phone(value) if phone else value if kind == "mrn" else mask_number(value)
        )
    return shown


def _hit(root: UUID, row: dict, numbers: dict[str, str], now: datetime) -> Hit:
    return Hit(
        patient_id=root,
        name=row["name"],
        masked_name=mask_name(row["name"]),
        sex=row["sex"],
        birth_on=row["birth_on"],
        age=age_text(row["birth_on"], local_day(row["deceased_at"] or now)),
        mrn=numbers.get("mrn", ""),
        identity=numbers.get("resident_id", ""),
        phone=numbers.get("phone", ""),
        deceased_at=row["deceased_at"],
        matched=("number", "name", "sound", "initials", "given", "tail")[row["rank"]],
    )
