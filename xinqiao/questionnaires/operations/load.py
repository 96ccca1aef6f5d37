"""Answers of the past by COPY (批量装载答卷): the demo's history. Announces nothing."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from psycopg import Connection

from xinqiao.audit.operations import concerning, operation
from xinqiao.kit.actor import Actor
from xinqiao.questionnaires.rules.answers import Asked, check_answers, completeness, findings
from xinqiao.questionnaires.rules.library import published_form
from xinqiao.questionnaires.rules.sealing import seal_answers

COLUMNS = (
    "id, organisation_id, patient_id, questionnaire, version, subject_id, answers_sealed, state, answered_by,"
    " told_by, started_at, changed_at, completed_at, danger_level, core_filled, core_total"
)


@dataclass(frozen=True, slots=True)
class PastResponse:
    """One completed form of the past; `told_by` is self or kin (历史答卷)."""

    id: UUID
    patient_id: UUID
    questionnaire: str
    subject_id: UUID
    answers: Mapping[str, object]
    at: datetime
    told_by: str = "self"


@operation
def load_responses(*, rows: Iterable[PastResponse], connection: Connection, by: Actor, now: datetime) -> int:
    """This function will COPY completed forms, checked as if they were answered now, and count them (装载答卷)."""
    loaded = 0
    copying = f"COPY questionnaires_response ({COLUMNS}) FROM STDIN"
    with connection.transaction(), connection.cursor().copy(copying) as copy:
        for row in rows:
            copy.write_row(_columns(row, by))
            loaded += 1
    concerning(loaded=loaded)
    return loaded


def _columns(row: PastResponse, by: Actor) -> tuple:
    form = published_form(row.questionnaire)
    asked = Asked("self" if row.told_by == "self" else "family")
    answers = check_answers(form, row.answers, asked).answers
    dangers = findings(form, answers, asked)
    announced = {danger.item: int(danger.level[1:]) for danger in dangers}
    sealed = seal_answers(row.patient_id, row.id, answers, announced)
    filled, total = completeness(form, answers, asked)
    return (
        row.id, by.organisation_id, row.patient_id, form.code, form.version, row.subject_id, sealed, "completed",
        row.told_by, row.told_by, row.at, row.at, row.at, min(announced.values(), default=0), filled, total,
    )  # fmt: skip
