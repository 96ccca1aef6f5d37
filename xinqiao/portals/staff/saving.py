"""Saving a call (保存通话): one operation per kind of task, and its refusals put beside the fields they mean."""

from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from xinqiao.care.operations import (
    AnswersIncomplete,
    DispositionNeeded,
    confirm_death,
    record_call,
    resolve_alert,
)
from xinqiao.care.rules import alerts
from xinqiao.directory.queries import get_organisation
from xinqiao.kit.errors import Refused
from xinqiao.kit.requests import SeenRequest
from xinqiao.patients.operations import DeathImpossible
from xinqiao.portals.staff.sheets import ALERT, CALL, DEATH, Said, find_call
from xinqiao.worklist.operations import record_attempt
from xinqiao.worklist.queries import Row, get_item
from xinqiao.worklist.rules import OUTCOMES, BadOutcome, DispositionMissing

NEEDS_DISPOSITION = (DispositionNeeded, DispositionMissing, alerts.DispositionMissing)


class NoDate(Refused):
    """请填写去世日期。"""


def record(request: SeenRequest, row: Row, said: Said) -> None:
    """This function will record what was done about a task, by the one operation of its kind (保存)."""
    is_unplanned = row.kind == CALL and find_call(request, row) is None
    (_attempt if is_unplanned else KINDS.get(row.kind, _attempt))(request, row, said)


def refused(said: Said, refusal: Refused) -> Said:
    """This function will put a refusal beside the field that it means (错误归位)."""
    if isinstance(refusal, AnswersIncomplete):
        said.errors = dict(refusal.facts.get("errors", {})) or {"outcome": refusal.message}
    elif isinstance(refusal, NEEDS_DISPOSITION):
        said.errors = {"disposition": refusal.message}
    elif isinstance(refusal, NoDate | DeathImpossible) or (
        isinstance(refusal, BadOutcome) and said.outcome == "call_later"
    ):
        said.errors = {"at": refusal.message}
    else:
        said.errors = {"disposition" if said.disposition and not said.outcome else "outcome": refusal.message}
    return said


def conflict(request: SeenRequest, item_id: UUID, said: Said) -> dict:
    """This function will set what somebody else saved beside what was typed (同时修改)."""
    sheet = get_item(item_id, viewer=request.actor, now=request.now)
    theirs = [f"{one.word} {one.note}".strip() for one in sheet.tries[:1]]
    word = OUTCOMES[said.outcome].word if said.outcome in OUTCOMES else ""
    chosen = alerts.DISPOSITIONS[said.disposition].word if said.disposition in alerts.DISPOSITIONS else ""
    return {
        "who": sheet.changed_by,
        "at": sheet.changed_at,
        "theirs": "\n".join(theirs or [sheet.row.outcome or sheet.row.title]),
        "mine": "\n".join(filter(None, [word, chosen, said.note])),
    }


def _call(request: SeenRequest, row: Row, said: Said) -> None:
    record_call(
        item_id=row.id, outcome=said.outcome, answers=said.answers, who=said.who, disposition=said.disposition,
        note=said.note, call_at=_moment(request, said.at), version=said.version, by=request.actor, now=request.now,
    )  # fmt: skip


def _alert(request: SeenRequest, row: Row, said: Said) -> None:
    resolve_alert(
        alert_id=row.subject_id,
        disposition=said.disposition,
        version=said.version,
        by=request.actor,
        now=request.now,
    )


def _death(request: SeenRequest, row: Row, said: Said) -> None:
    died_at = _moment(request, said.at) if said.outcome == "deceased" else None
    if said.outcome not in ("deceased", "alive"):
        raise BadOutcome
    if said.outcome == "deceased" and died_at is None:
        raise NoDate
    confirm_death(item_id=row.id, died_at=died_at, by=request.actor, now=request.now)


def _attempt(request: SeenRequest, row: Row, said: Said) -> None:
    record_attempt(
        item_id=row.id, outcome=said.outcome, next_at=_moment(request, said.at), note=said.note,
        version=said.version, by=request.actor, now=request.now,
    )  # fmt: skip


def _moment(request: SeenRequest, text: str) -> datetime | None:
    """A time that was chosen on the page, in the hospital's own zone."""
    zone = ZoneInfo(get_organisation(request.actor.organisation_id).zone)
    try:
        return datetime.fromisoformat(text).replace(tzinfo=zone)
    except ValueError:
        return None


KINDS = {CALL: _call, ALERT: _alert, DEATH: _death}
