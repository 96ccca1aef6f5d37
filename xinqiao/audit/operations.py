"""Writing lines: by the decorator of every operation, and by every page that shows a patient (记审计)."""

import functools
import inspect
from collections.abc import Callable, Iterable
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from xinqiao.audit.rules import canonical, line_digest
from xinqiao.kit.actor import Actor
from xinqiao.kit.failpoints import fp
from xinqiao.kit.rls import seen_by


@dataclass
class Trail:
    """What an operation says of itself for its line: the patients and things it concerned (审计线索)."""

    patients: list[UUID] = field(default_factory=list)
    about: dict[str, object] = field(default_factory=dict)


_trail: ContextVar[Trail | None] = ContextVar("trail", default=None)


def operation[**P, R](function: Callable[P, R]) -> Callable[P, R]:
    """This function will make a function one atomic step with one audit line (操作).

    It demands keyword-only `by` and `now`, opens the transaction (joining the caller's), tells row security who
    acts, and writes the line in the same transaction: one per patient concerned. A parameter `patient_id` is taken
    as the patient; `concerning()` says more.
    """
    parameters = inspect.signature(function).parameters
    if not {"by", "now"} <= parameters.keys() or any(
        p.kind is not p.KEYWORD_ONLY for p in parameters.values()
    ):
        raise TypeError(
            f"{function.__qualname__}: an operation has keyword-only parameters with `by` and `now`"
        )
    action = f"{function.__module__.split('.')[1]}.{function.__name__}"

    @functools.wraps(function)
    def step(*args: P.args, **kwargs: P.kwargs) -> R:
        told: dict[str, Any] = kwargs
        by, now, patient = told["by"], told["now"], told.get("patient_id")
        trail = Trail(patients=[patient] if patient else [])
        mark = _trail.set(trail)
        try:
            with seen_by(by, now):
                result = function(*args, **kwargs)
                fp("audit.before_line")
                write_lines(action, trail.patients, trail.about, by=by, now=now)
                return result
        finally:
            _trail.reset(mark)

    vars(step)["is_operation"] = True
    return step


def concerning(*patients: UUID, **about: object) -> None:
    """This function will add patients and ids to the line of the operation that is running (补充审计线索)."""
    trail = _trail.get()
    if trail is None:
        raise RuntimeError("concerning() is called inside an operation")
    trail.patients.extend(patient for patient in patients if patient not in trail.patients)
    trail.about.update(about)


def write_lines(action: str, patients: Iterable[UUID], about: dict, *, by: Actor, now: datetime) -> None:
    """This function will write one line per patient, or one without a patient, in one INSERT (写审计行)."""
    fields = _who(by) | {"action": action, "at": now.isoformat()} | about
    rows: list[tuple[UUID | None, str]] = [
        (patient, canonical(fields | {"patient_id": patient})) for patient in patients
    ]
    if not rows:
        rows = [(None, canonical(fields))]
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO audit_line (organisation_id, at, action, user_id, patient_id, content, digest)"
            " SELECT %s, %s, %s, %s, p, c, d FROM unnest(%s::uuid[], %s::text[], %s::bytea[]) AS t (p, c, d)",
            [
                by.organisation_id,
                now,
                action,
                by.user_id,
                [patient for patient, _ in rows],
                [content for _, content in rows],
                [line_digest(content) for _, content in rows],
            ],
        )


def log_reading(viewer: Actor, patients: Iterable[UUID], page: str, *, now: datetime) -> None:
    """This function will log that a response showed these patients: one line, a list with its ids (记查阅)."""
    shown = list(dict.fromkeys(patients))
    if not shown:
        return
    action = f"read.{page}"
    if len(shown) == 1:
        write_lines(action, shown, {}, by=viewer, now=now)
        return
    listed = {"action": action, "at": now.isoformat(), "listed": sorted(map(str, shown))}
    content = canonical(_who(viewer) | listed)
    with seen_by(viewer, now), connection.cursor() as cursor:
        cursor.execute(
            "WITH line AS (INSERT INTO audit_line (organisation_id, at, action, user_id, content, digest)"
            " VALUES (%s, %s, %s, %s, %s, %s) RETURNING id)"
            " INSERT INTO audit_listed (patient_id, line_id, organisation_id, at)"
            " SELECT p, line.id, %s, %s FROM line, unnest(%s::uuid[]) AS p",
            [viewer.organisation_id, now, action, viewer.user_id, content, line_digest(content)]
            + [viewer.organisation_id, now, shown],
        )


def _who(by: Actor) -> dict[str, object]:
    who = {
        "kind": by.kind,
        "organisation_id": by.organisation_id,
        "user_id": by.user_id,
        "post_id": by.post_id,
        "name": by.name,
        "on_behalf_of": by.on_behalf_of,
        "purpose": by.purpose,
        "session": by.session,
        "address": by.address,
    }
    return {name: value for name, value in who.items() if value}
