"""Writing checked rows (导入): batches of 200, each stored, applied and settled in one transaction.

A row is a message of its source: sealed with a key of its own, tied to its patient, known again by its content. So
a second run of the same rows, or a run that was broken off, changes nothing twice.
"""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time
from itertools import batched
from uuid import UUID
from zoneinfo import ZoneInfo

from xinqiao.directory.queries import departments
from xinqiao.intake.operations import save_source, settle, store_messages
from xinqiao.intake.queries import sources
from xinqiao.intake.rules import APPLIED, DUPLICATE, Incoming, Result, is_live
from xinqiao.kit.actor import Actor
from xinqiao.kit.errors import Refused
from xinqiao.kit.rls import seen_by
from xinqiao.patients.operations import receive_demographics
from xinqiao.record.operations import receive_facts
from xinqiao.record.rules import FactsSaid

from .checking import Checked, Fault, Row
from .stays import Stay

BATCH = 200
WHOLE_ROW = "整行"
NOT_MADE = UUID(int=0)  # a check makes no source


class WrongSource(Refused):
    """这个来源不是文件来源或已停用，请核对 --source，或在“接口来源”里启用。"""


@dataclass(frozen=True, slots=True)
class FileSource:
    """Under which source rows are stored (文件来源)."""

    id: UUID
    code: str
    zone: ZoneInfo
    go_live_at: datetime | None


@dataclass(slots=True)
class Outcome:
    """What became of the rows: applied now, or on record already from an earlier run (导入结果)."""

    applied: int = 0
    known: int = 0
    faults: list[Fault] = field(default_factory=list)
    departments_unknown: set[str] = field(default_factory=set)


def find_source(code: str, *, by: Actor, now: datetime, make: bool) -> FileSource:
    """This function will give the file source of this code, made at first if asked; raises WrongSource (文件来源).

    A new one has not gone live, so that what it brings is history: it sends nothing and makes no work.
    """
    with seen_by(by, now):
        found = {one.code: one for one in sources(viewer=by)}
        if code not in found:
            made = _make_source(code, by, now) if make else NOT_MADE
            return FileSource(made, code, ZoneInfo("Asia/Shanghai"), None)
    if found[code].kind != "files" or not found[code].is_active:
        raise WrongSource
    return FileSource(found[code].id, code, ZoneInfo(found[code].zone), found[code].go_live_at)


def _make_source(code: str, by: Actor, now: datetime) -> UUID:
    return save_source(code=code, name="文件导入", kind="files", reuses_ids=True, by=by, now=now)


class Import:
    """One checked table on its way in (一次导入); `as_of` is the day the file speaks of, else now."""

    def __init__(
        self, kind: str, source: FileSource, *, by: Actor, now: datetime, as_of: date | None = None
    ) -> None:
        self.kind, self.source, self.by, self.now, self.as_of = kind, source, by, now, as_of
        self.said_at = datetime.combine(as_of, time(), source.zone) if as_of else now
        self.outcome = Outcome()
        self.departments: dict[str, UUID] = {}

    def apply(self, checked: Checked, progress: Callable[[int, int], None]) -> Outcome:
        """This function will write the good rows, telling how far it is after each batch (写入)."""
        with seen_by(self.by, self.now):
            for one in departments(self.by):
                self.departments |= {one.name: one.id}
                self.departments |= {one.code: one.id}
        done = 0
        for batch in batched(checked.rows, BATCH):
            self._apply(list(batch))
            done += len(batch)
            progress(done, len(checked.rows))
        return self.outcome

    def _apply(self, rows: list[Row]) -> None:
        """A row that the rooms refuse is found by halving, so that it holds up no other."""
        try:
            self._write(rows)
        except Refused as refusal:
            if len(rows) > 1:
                middle = len(rows) // 2
                self._apply(rows[:middle])
                self._apply(rows[middle:])
            else:
                told = refusal.message.rstrip("。")
                self.outcome.faults.append(Fault(rows[0].number, WHOLE_ROW, "", told, "请改正后重新导入"))

    def _write(self, rows: list[Row]) -> None:
        with seen_by(self.by, self.now):
            messages = [Incoming(self._body(row), kind=f"files.{self.kind}") for row in rows]
            stored = store_messages(source_id=self.source.id, messages=messages, by=self.by, now=self.now)
            pairs = list(zip(rows, stored, strict=True))
            fresh = [(row, told.inbox_id) for row, told in pairs if told.outcome != DUPLICATE]
            if fresh:
                self._take_in(fresh)
        self.outcome.applied += len(fresh)
        self.outcome.known += len(rows) - len(fresh)

    def _take_in(self, fresh: list[tuple[Row, UUID]]) -> None:
        said = [row.person.as_said(self.source.code, self.said_at) for row, _ in fresh]
        patients = receive_demographics(items=said, by=self.by, now=self.now)
        facts = [
            self._facts(row.stay, patient)
            for (row, _), patient in zip(fresh, patients, strict=True)
            if row.stay
        ]
        if facts:
            receive_facts(items=facts, by=self.by, now=self.now)
        results = [
            Result(inbox_id, APPLIED, patient_id=patient)
            for (_, inbox_id), patient in zip(fresh, patients, strict=True)
        ]
        settle(results=results, by=self.by, now=self.now)

    def _facts(self, stay: Stay, patient_id: UUID) -> FactsSaid:
        """A stay that ended before the source went live is history."""
        department = stay.texts["department"]
        if department and department not in self.departments:
            self.outcome.departments_unknown.add(department)
        encounter = stay.as_encounter(self.source.zone, self.departments.get(department))
        return FactsSaid(
            patient_id=patient_id,
            source=self.source.code,
            source_at=self.said_at,
            received_at=self.now,
            is_live=is_live(self.source.go_live_at, stay.discharged_at.replace(tzinfo=self.source.zone)),
            encounter=encounter,
            conditions=stay.as_conditions(self.source.zone),
        )

    def _body(self, row: Row) -> bytes:
        told = {"kind": self.kind, "as_of": self.as_of and self.as_of.isoformat(), "cells": row.cells}
        return json.dumps(told, ensure_ascii=False, sort_keys=True).encode()


def count_live(rows: Iterable[Row], source: FileSource) -> int:
    """Count the stays that would start follow-up, so that nobody is surprised (将启动随访的人数)."""
    ends = [row.stay.discharged_at.replace(tzinfo=source.zone) for row in rows if row.stay]
    return sum(is_live(source.go_live_at, at) for at in ends)
