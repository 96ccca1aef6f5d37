"""What sources say of patients, taken in by the batch (接收患者信息): the hot path of every message."""

from collections import defaultdict
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from xinqiao.audit.operations import concerning, operation
from xinqiao.kit.actor import Actor
from xinqiao.kit.crypto import keystore
from xinqiao.kit.errors import Refused
from xinqiao.kit.events import Event, publish
from xinqiao.kit.ids import new_id
from xinqiao.patients.events import DemographicsChanged, PatientDied, PatientRegistered
from xinqiao.patients.operations.bulk import Bulk
from xinqiao.patients.operations.sealing import Sealer
from xinqiao.patients.rules.age import local_day
from xinqiao.patients.rules.blinds import identifier_blind
from xinqiao.patients.rules.demographics import Demographics
from xinqiao.patients.rules.folding import Folded, fold, is_latest, speaks
from xinqiao.patients.rules.identifiers import IdentifierRead, read_identifier
from xinqiao.patients.rules.matching import Key, assign, rank


class NoIdentifier(Refused):
    """这条信息没有任何患者标识（证件号、病案号或就诊卡号），无法确定是哪位患者。请补充后重新提交。"""


@operation
def receive_demographics(*, items: list[Demographics], by: Actor, now: datetime) -> list[UUID]:
    """This function will take in what sources say and give the record each word is about (接收患者信息).

    A record is found by an exact identifier only, else made. The words may arrive in any order. The number of SQL
    statements does not grow with the number of items.
    """
    return Receipt(items, by, now).take_in()


class Receipt:
    """One batch on its way in (一批接收)."""

    def __init__(
        self,
        items: list[Demographics],
        by: Actor,
        now: datetime,
        *,
        about: UUID | None = None,
        bulk: Bulk | None = None,
    ) -> None:
        self.items, self.now, self.organisation_id, self.about = items, now, by.organisation_id, about
        self.bulk = bulk or Bulk(by.organisation_id, now)
        self.read = [_read(item, now, demanded=about is None) for item in items]
        self.made: set[UUID] = set()
        self.before: dict[UUID, Folded] = {}
        self.after: dict[UUID, Folded] = {}
        self.winning: dict[tuple[str, UUID, str], Demographics] = {}
        self.changed: set[UUID] = set()

    def take_in(self) -> list[UUID]:
        """This function will find or make the records, fold, and write (匹配、归并、写入)."""
        owners = self.write()
        concerning(*owners)
        publish(*self._events(), now=self.now)
        return owners

    def write(self) -> list[UUID]:
        """This function will do all but tell of it (写入而不发布)."""
        owners, self.made = self._match()
        if not owners:
            return []
        self.sealers = self._sealers(owners)
        standing = self.bulk.standing(set(owners) - self.made)
        self.before = {owner: self.sealers[owner].opened(stands) for owner, stands in standing.items()}
        for owner, said, read in zip(owners, self.items, self.read, strict=True):
            self._fold(owner, said, read)
        self._write(owners)
        return owners

    def _match(self) -> tuple[list[UUID], set[UUID]]:
        """Only a key nobody has yet makes others wait: two connections that bring it make one record."""
        self.keys = [[(self._key(one), one) for one in sorted(read, key=rank)] for read in self.read]
        keys = [[key for key, one in each if one.is_valid] for each in self.keys]
        known = self.bulk.known(key for each in keys for key in each)
        new = (
            {key for each in keys if not known.keys() & set(each) for key in each}
            if not self.about
            else set()
        )
        if new:
            self.bulk.lock(new)
            known |= self.bulk.known(new)
        self.stored, self.known = set(known), known
        if self.about:
            return [self.about] * len(self.items), set()
        return assign(keys, known, lambda: new_id(self.now))

    def _key(self, read: IdentifierRead) -> Key:
        return read.kind, read.system, identifier_blind(self.organisation_id, read.value)

    def _sealers(self, owners: list[UUID]) -> dict[UUID, Sealer]:
        keys = keystore().keys(owners)
        return {owner: Sealer(self.organisation_id, owner, key, self.now) for owner, key in keys.items()}

    def _fold(self, owner: UUID, said: Demographics, read: list[IdentifierRead]) -> None:
        stands = self.after.get(owner) or self.before.get(owner) or Folded()
        for lines in ("phones", "kin"):
            if speaks(said, lines) and is_latest(stands, said, f"{lines}:{said.source}"):
                self.winning[lines, owner, said.source] = said
        paper = next((one.paper for one in read if one.paper and one.paper.birth_on), None)
        self.after[owner] = fold(stands, said, paper)

    def _write(self, owners: list[UUID]) -> None:
        rows = {owner: self.sealers[owner].patient(folded) for owner, folded in self.after.items()}
        self.bulk.add_patients([row for owner, row in rows.items() if owner in self.made])
        moved = [
            owner for owner in rows if owner not in self.made and self.after[owner] != self.before[owner]
        ]
        self.bulk.change_patients([rows[owner] for owner in moved])
        together = list(zip(owners, self.items, self.keys, strict=True))
        self.bulk.add_identifiers(self._identifiers(together))
        self.bulk.add_snapshots([self.sealers[owner].snapshot(said) for owner, said, _ in together])
        self._write_lines()

    def _identifiers(self, together: list[tuple]) -> list[tuple]:
        """Those not yet stored, each once; one that is another record's stays with that record."""
        rows: dict[tuple, tuple] = {}
        for owner, said, keyed in together:
            for key, one in keyed:
                taken = one.is_valid and (key in self.stored or self.known.get(key, owner) != owner)
                if not taken and (key, owner) not in rows:
                    rows[key, owner] = self.sealers[owner].identifier(one, key[2], said.source)
        return list(rows.values())

    def _write_lines(self) -> None:
        """Contact points and kin of each source are those of its latest word; what stays the same is not touched."""
        current: dict[tuple, dict] = defaultdict(dict)
        if asked := {owner for _, owner, _ in self.winning} - self.made:
            for table, row, owner, source, *key, state in self.bulk.lines(asked):
                current[table, owner, source][tuple(key)] = (row, state)
        added: dict[str, list] = {"phones": [], "kin": []}
        ended: dict[str, list] = {"phones": [], "kin": []}
        for (table, owner, source), said in self.winning.items():
            stand = current[table, owner, source]
            wanted = self._lines_said(table, owner, said)
            added[table] += [row for key, row in wanted.items() if key not in stand]
            ended[table] += [row for key, (row, _) in stand.items() if key not in wanted]
            if wanted.keys() != stand.keys():
                self.changed.add(owner)
        self.bulk.supersede(ended["phones"], ended["kin"])
        self.bulk.add_lines(added["phones"], added["kin"])

    def _lines_said(self, table: str, owner: UUID, said: Demographics) -> dict[tuple, tuple]:
        """The rows by what makes them the same line; the same number twice is one line."""
        sealer = self.sealers[owner]
        if table in said.cleared:
            return {}
        if table == "kin":
            rows = [sealer.kin(one, said.source) for one in said.kin]
            return {("", row[4], ""): row for row in rows}
        rows = [sealer.contact(one, place, said.source) for place, one in enumerate(said.phones)]
        once = {(row[2], row[4]): row for row in reversed(rows)}
        return {(*key, row[6]): row for key, row in reversed(once.items())}

    def _events(self) -> list[Event]:
        found: list[Event] = []
        for owner, folded in self.after.items():
            about: dict[str, Any] = {
                "organisation_id": self.organisation_id,
                "occurred_at": self.now,
                "patient_id": owner,
            }
            before = self.before.get(owner, Folded())
            if owner in self.made:
                found.append(PatientRegistered(**about))
            elif owner in self.changed or replace(folded, told={}) != replace(before, told={}):
                found.append(DemographicsChanged(**about))
            if folded.deceased_at and not before.deceased_at:
                found.append(PatientDied(**about))
        return found


def _read(said: Demographics, now: datetime, demanded: bool) -> list[IdentifierRead]:
    """The identifiers in their written form, each once; raises NoIdentifier where there is none at all."""
    found: dict[tuple, IdentifierRead] = {}
    for each in said.identifiers:
        one = read_identifier(each, local_day(now))
        if one.value:
            found.setdefault((one.kind, one.system, one.value), one)
    if demanded and not found:
        raise NoIdentifier
    return list(found.values())
