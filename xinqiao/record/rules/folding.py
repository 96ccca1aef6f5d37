"""An encounter is the fold of everything said about it, in the order of the source's own time (就诊归并).

Whatever the order of arrival, the same words give the same encounter: a discharge before its admission, an update
that comes late, a cancellation before what it cancels.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from datetime import datetime
from uuid import UUID

from xinqiao.record.rules.marks import version_of
from xinqiao.record.rules.said import EVENTS, EncounterSaid

UNKNOWN, PLANNED, IN_PROGRESS, FINISHED, CANCELLED = (
    "unknown",
    "planned",
    "in_progress",
    "finished",
    "cancelled",
)
STATUSES = (UNKNOWN, PLANNED, IN_PROGRESS, FINISHED, CANCELLED)
# A second admission or a transfer recorded after the discharge does not open a stay again: only A13 does.
STEPS = {
    "plan": {UNKNOWN: PLANNED, CANCELLED: PLANNED},
    "admit": {UNKNOWN: IN_PROGRESS, PLANNED: IN_PROGRESS, CANCELLED: IN_PROGRESS},
    "transfer": {UNKNOWN: IN_PROGRESS, PLANNED: IN_PROGRESS},
    "discharge": dict.fromkeys(STATUSES, FINISHED),
    "cancel_discharge": {UNKNOWN: IN_PROGRESS, PLANNED: IN_PROGRESS, FINISHED: IN_PROGRESS},
    "cancel_admission": dict.fromkeys(STATUSES, CANCELLED),
}
STAYS = (
    "inpatient",
    "obstetrics",
    "",
)  # the classes in which an admission and a discharge are a stay in hospital
TIMES, IDS = ("started_at", "ended_at"), ("department_id", "attending_id")


@dataclass(frozen=True, slots=True)
class Word:
    """One snapshot: what was said, and when by the source's clock (一次所述)."""

    at: datetime
    said: EncounterSaid
    version: bytes = b""

    def order(self) -> tuple:
        """Say in which place of the fold this word stands; equal times go by the course of a stay (排序)."""
        return self.at, EVENTS.index(self.said.event), self.version or version_of(self.said)


@dataclass(frozen=True, slots=True)
class Folded:
    """What stands of an encounter (就诊现状)."""

    status: str = UNKNOWN
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


TOLD = tuple(field.name for field in fields(EncounterSaid) if field.name != "source")
SAYABLE = tuple(field.name for field in fields(Folded) if field.name != "status")
NOTHING = Folded()


def fold(words: Iterable[Word]) -> Folded:
    """Say what stands of an encounter after all that was said of it (归并)."""
    ordered = sorted(words, key=Word.order)
    state = NOTHING
    for word in ordered:
        state = _add(state, word)
    started_at = state.started_at or ordered[0].at
    ended_at = state.ended_at if state.status == FINISHED else None
    return replace(state, started_at=started_at, ended_at=ended_at)


def happened(before: Folded | None, after: Folded) -> tuple[str, ...]:
    """Name the events by which a stay came from one state to another; none for visits that are no stays (变化)."""
    was, now = before.status if before else UNKNOWN, after.status
    if after.class_ not in STAYS or was == now:
        return ()
    undone = ("discharge_cancelled",) if was == FINISHED else ()
    if now == CANCELLED:
        return (*undone, "admission_cancelled") if was in (IN_PROGRESS, FINISHED) else ()
    if now == FINISHED:
        return ("discharged",)
    if now == IN_PROGRESS:
        return undone or ("admitted",)
    return undone


def written(said: EncounterSaid) -> str:
    """Write a word down the one way it is stored and compared: what is blank is left out (规范写法)."""
    told = {name: value for name in TOLD if (value := getattr(said, name))}
    if said.cleared:
        told["cleared"] = sorted(said.cleared)
    return json.dumps(told, default=str, ensure_ascii=False, sort_keys=True)


def read(told: dict) -> EncounterSaid:
    """Read a word back from how it was stored (还原)."""
    times = {name: datetime.fromisoformat(told[name]) for name in TIMES if name in told}
    ids = {name: UUID(told[name]) for name in IDS if name in told}
    return EncounterSaid(**told | times | ids | {"cleared": frozenset(told.get("cleared", ()))})


def _add(state: Folded, word: Word) -> Folded:
    said = word.said
    changes = {name: getattr(NOTHING, name) for name in said.cleared if name in SAYABLE}
    if said.event == "cancel_discharge":
        changes |= {"ended_at": None, "disposition": ""}
    changes |= {name: value for name in SAYABLE if (value := getattr(said, name))}
    if said.event == "cancel_discharge":
        changes["ended_at"] = None
    if said.event == "discharge" and not (said.ended_at or state.ended_at):
        changes["ended_at"] = word.at
    status = STEPS.get(said.event, {}).get(state.status, state.status)
    return replace(state, status=status, **changes)
