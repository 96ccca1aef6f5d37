"""Encounters as they come in: words are added, folds are written, stays are announced (就诊接收)."""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from xinqiao.kit.events import Event
from xinqiao.kit.ids import new_id
from xinqiao.record.events import AdmissionCancelled, DischargeCancelled, PatientAdmitted, PatientDischarged
from xinqiao.record.models import Encounter, EncounterSnapshot
from xinqiao.record.operations.bulk import Row, Statement, Table
from xinqiao.record.rules.folding import Folded, Word, fold, happened, read, written
from xinqiao.record.rules.marks import version_of
from xinqiao.record.rules.said import FactsSaid, VisitKey

KNOWN = Statement("""
SELECT e.patient_id, e.source, e.source_key, e.id, e.is_live, s.source_at, s.version, s.body::text
FROM unnest(%s::uuid[], %s::text[], %s::text[]) AS k (patient_id, source, source_key)
JOIN record_encounter e ON e.patient_id = k.patient_id AND e.source = k.source AND e.source_key = k.source_key
LEFT JOIN record_encountersnapshot s ON s.encounter_id = e.id
""")
ANNOUNCED = {
    "admitted": PatientAdmitted,
    "discharged": PatientDischarged,
    "discharge_cancelled": DischargeCancelled,
    "admission_cancelled": AdmissionCancelled,
}
FOLDED = (
    "kind", "status", "department_id", "department_text", "ward", "bed", "attending_id", "attending_name",
    "started_at", "ended_at", "disposition", "reason_text", "is_live", "changed_at",
)  # fmt: skip
ENCOUNTERS, SNAPSHOTS = Table(Encounter), Table(EncounterSnapshot)


@dataclass
class Visit:
    """One encounter with the words already known and those that came now (一次就诊)."""

    id: UUID
    key: VisitKey
    is_new: bool = True
    was_live: bool = False
    known: dict[tuple[datetime, bytes], Word] = field(default_factory=dict)
    fresh: dict[tuple[datetime, bytes], tuple[Word, FactsSaid]] = field(default_factory=dict)

    def add(self, item: FactsSaid) -> None:
        """This function will add a word that is not known yet (加入一次所述)."""
        if (said := item.encounter) is None:
            return
        word = Word(item.source_at, said, version_of(said))
        mark = (word.at, word.version)
        if mark not in self.known:
            self.fresh.setdefault(mark, (word, item))

    @cached_property
    def after(self) -> Folded:
        """What stands when all that came has been added (现状)."""
        return fold([*self.known.values(), *(word for word, _ in self.fresh.values())])

    def before_live(self) -> Folded | None:
        """This function will say what would stand without the live words that came now: history is no news (此前)."""
        quiet = [word for word, item in self.fresh.values() if not item.is_live]
        words = [*self.known.values(), *quiet]
        return fold(words) if words else None

    def row(self, organisation_id: UUID, now: datetime) -> Row:
        """This function will lay the fold out in the table's columns (就诊行)."""
        told = asdict(self.after)
        told["kind"] = told.pop("class_")
        live = self.was_live or any(item.is_live for _, item in self.fresh.values())
        own = {"id": self.id, "organisation_id": organisation_id, "is_live": live, "changed_at": now}
        return told | own | dict(zip(("patient_id", "source", "source_key"), self.key, strict=True))

    def snapshots(self, organisation_id: UUID, now: datetime) -> Iterator[Row]:
        """This function will keep each new word as it was said (快照行)."""
        for (at, version), (word, item) in self.fresh.items():
            yield {
                "id": new_id(now),
                "organisation_id": organisation_id,
                "patient_id": item.patient_id,
                "encounter_id": self.id,
                "source_at": at,
                "received_at": item.received_at,
                "version": version,
                "body": written(word.said),
            }

    def news(self, organisation_id: UUID) -> list[Event]:
        """This function will say what the live words changed (变化事件)."""
        live = [word.at for word, item in self.fresh.values() if item.is_live]
        if not live:
            return []
        after, told = self.after, []
        for name in happened(self.before_live(), after):
            about: dict[str, Any] = {"encounter_id": self.id, "patient_id": self.key[0]}
            about |= {"discharged_at": after.ended_at} if name == "discharged" else {}
            told.append(ANNOUNCED[name](organisation_id=organisation_id, occurred_at=max(live), **about))
        return told


class Visits(dict[VisitKey, Visit]):
    """The encounters that one batch speaks of (一批就诊)."""

    def __init__(self, items: list[FactsSaid], now: datetime, *, are_new: bool = False) -> None:
        super().__init__()
        told = [(item.visit_key, item) for item in items if item.visit_key]
        if told and not are_new:
            self._recall(sorted({key for key, _ in told}))
        for key, item in told:
            self.setdefault(key, Visit(new_id(now), key)).add(item)

    def ids(self) -> dict[VisitKey | None, UUID]:
        """This function will give the encounters' ids by whose and which they are (就诊标识)."""
        return {key: visit.id for key, visit in self.items()}

    def write(self, organisation_id: UUID, now: datetime) -> list[Event]:
        """This function will write what changed, by three statements, and give the news (写就诊)."""
        changed = [visit for visit in self.values() if visit.fresh]
        ENCOUNTERS.insert([visit.row(organisation_id, now) for visit in changed if visit.is_new])
        ENCOUNTERS.update([visit.row(organisation_id, now) for visit in changed if not visit.is_new], FOLDED)
        SNAPSHOTS.insert([row for visit in changed for row in visit.snapshots(organisation_id, now)])
        return [event for visit in changed for event in visit.news(organisation_id)]

    def _recall(self, keys: list[VisitKey]) -> None:
        for *key, visit_id, was_live, at, version, body in KNOWN.fetch(map(list, zip(*keys, strict=True))):
            visit = self.setdefault(tuple(key), Visit(visit_id, tuple(key), is_new=False, was_live=was_live))
            if at:
                visit.known[at, bytes(version)] = Word(at, read(json.loads(body)), bytes(version))
