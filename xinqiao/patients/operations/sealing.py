"""One patient's rows as they are stored: sealed with his own key, found by blind indexes (封存成行)."""

import dataclasses
import json
from datetime import datetime
from typing import Any
from uuid import UUID

from xinqiao.kit.crypto import blind, open_with, seal_with
from xinqiao.kit.ids import new_id
from xinqiao.patients.rules.blinds import phone_blind, tail_blind
from xinqiao.patients.rules.demographics import Demographics, KinSaid, PhoneSaid
from xinqiao.patients.rules.folding import Folded
from xinqiao.patients.rules.identifiers import IdentifierRead
from xinqiao.patients.rules.names import given_name, initials_key, normalise_name, pinyin_key
from xinqiao.patients.rules.phones import read_contact


@dataclasses.dataclass(frozen=True, slots=True)
class Sealer:
    """Makes the rows of one patient of one organisation (封存)."""

    organisation_id: UUID
    patient_id: UUID
    key: bytes
    now: datetime

    def opened(self, folded: Folded) -> Folded:
        """This function will open what comes sealed out of the database (启封现状)."""
        if not isinstance(folded.address, bytes):
            return folded
        address = open_with(self.key, folded.address, "patients.address").decode()
        return dataclasses.replace(folded, address=address)

    def patient(self, folded: Folded) -> tuple:
        """This function will make the patient's own row, in the order of bulk.FOLDED (档案行)."""
        sealed = self._seal(str(folded.address), "patients.address") if folded.address else None
        name = folded.name
        sound = (pinyin_key(name), initials_key(name), given_name(name))
        head = (self.patient_id, name, *sound, folded.sex, folded.birth_on, folded.birth_precision)
        rest = (folded.deceased_at, folded.nationality, folded.region, sealed, folded.paper_sex)
        return (*head, *rest, folded.paper_birth_on, json.dumps(folded.told))

    def snapshot(self, said: Demographics) -> tuple:
        """This function will keep the source's word as it was said (快照行)."""
        body = json.dumps(said, ensure_ascii=False, default=_plain)
        return (
            new_id(self.now),
            self.patient_id,
            said.source,
            said.source_at,
            self._seal(body, "patients.snapshot"),
        )

    def identifier(self, read: IdentifierRead, blinded: bytes, source: str) -> tuple:
        """This function will make an identifier's row (标识行)."""
        return (
            new_id(self.now),
            self.patient_id,
            read.kind,
            read.system,
            self._seal(read.value, "patients.identifier"),
            blinded,
            tail_blind(self.organisation_id, read.value),
            read.is_valid,
            source,
        )

    def contact(self, said: PhoneSaid, place: int, source: str) -> tuple:
        """This function will make a contact point's row; what cannot be rung is kept and marked (联系方式行)."""
        kind, value, state = read_contact(said.value)
        name = self._seal(said.owner_name, "patients.owner_name") if said.owner_name else None
        sealed = self._seal(value, "patients.contact")
        ends = tail_blind(self.organisation_id, value)
        head = (
            new_id(self.now),
            self.patient_id,
            kind,
            sealed,
            phone_blind(self.organisation_id, value),
            ends,
        )
        return (*head, said.owner, name, state, False, place, source)

    def kin(self, said: KinSaid, source: str) -> tuple:
        """This function will make a relative's row (联系人行)."""
        name = normalise_name(said.name)
        phone = read_contact(said.phone)[1] if said.phone else ""
        sealed = self._seal(phone, "patients.kin_phone") if phone else None
        same = blind("kin", self.organisation_id, f"{name}|{said.relation}|{phone}")
        head = (new_id(self.now), self.patient_id, self._seal(name, "patients.kin_name"), sealed)
        return (*head, same, said.relation, source)

    def _seal(self, text: str, where: str) -> bytes:
        return seal_with(self.key, text.encode(), where)


def _plain(value: Any) -> object:
    """What JSON does not know: our own data by its fields, in which silence is left out."""
    if dataclasses.is_dataclass(value):
        names = [field.name for field in dataclasses.fields(value)]
        return {name: said for name in names if (said := getattr(value, name))}
    return sorted(value) if isinstance(value, frozenset) else str(value)
