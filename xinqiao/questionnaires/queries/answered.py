"""What was answered, for the staff who care for the patient (答卷查询)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from xinqiao.accounts.queries import require
from xinqiao.kit.actor import Actor
from xinqiao.kit.errors import NotAllowed, NotFound
from xinqiao.patients.queries import readable_patients
from xinqiao.questionnaires.models import Response
from xinqiao.questionnaires.rules.answers import VALID_PERCENT
from xinqiao.questionnaires.rules.forms import Item
from xinqiao.questionnaires.rules.library import published_form
from xinqiao.questionnaires.rules.sealing import open_answers

WHO = {"self": "本人", "kin": "家属代填", "staff": "电话代录"}


@dataclass(frozen=True, slots=True)
class ResponseRow:
    """One response without its answers (答卷). `is_valid` says that at least 80 % of its core was answered."""

    id: UUID
    patient_id: UUID
    questionnaire: str
    title: str
    subject_id: UUID
    state: str
    answered_by: str
    told_by: str
    started_at: datetime
    completed_at: datetime | None
    danger_level: int
    core_filled: int
    core_total: int
    is_valid: bool


@dataclass(frozen=True, slots=True)
class Answer:
    """One question and its answer in words (答题)."""

    code: str
    text: str
    value: object
    words: str


@dataclass(frozen=True, slots=True)
class Answered:
    """A response with its answers, in the order of the form (答卷内容)."""

    row: ResponseRow
    answers: tuple[Answer, ...]


@dataclass(frozen=True, slots=True)
class Prefill:
    """What a nurse finds on the call sheet (预填).

    `answers` were given for this very subject and may be confirmed; `earlier` were given another time, to compare.
    """

    answers: dict
    earlier: dict
    earlier_at: datetime | None


def responses_of(patient_id: UUID, *, viewer: Actor, now: datetime) -> list[ResponseRow]:
    """This function will list a readable patient's responses, the latest first, without answers (答卷列表)."""
    responses = _readable(viewer, now).filter(patient_id=patient_id)
    return [_row(response) for response in responses.order_by("-started_at", "-id")]


def get_response(response_id: UUID, *, viewer: Actor, now: datetime) -> Answered:
    """This function will give a response with its answers, to staff who may read the patient (查看答卷)."""
    _staff_only(viewer)
    response = _readable(viewer, now).filter(id=response_id).first()
    if response is None:
        raise NotFound
    given = _answers(response)
    form = published_form(response.questionnaire, response.version)
    told = tuple(
        Answer(item.code, item.text, given[item.code], _in_words(item, given[item.code]))
        for item in form.items
        if item.code in given
    )
    return Answered(_row(response), told)


def prefill(
    patient_id: UUID, questionnaire: str, subject_id: UUID, *, viewer: Actor, now: datetime
) -> Prefill:
    """This function will give what is already known for a call, to staff only (电话随访预填)."""
    _staff_only(viewer)
    ours = _readable(viewer, now).filter(patient_id=patient_id, questionnaire=questionnaire)
    this = ours.filter(subject_id=subject_id).first()
    before = ours.filter(state="completed").exclude(subject_id=subject_id).order_by("-completed_at").first()
    return Prefill(
        answers=_answers(this) if this else {},
        earlier=_answers(before) if before else {},
        earlier_at=before.completed_at if before else None,
    )


def _in_words(item: Item, value: Any) -> str:
    if isinstance(value, list):
        return "、".join(item.options.get(code, code) for code in value)
    return item.options.get(value) or f"{value}{item.unit}"


def _staff_only(viewer: Actor) -> None:
    if viewer.kind == "patient" or viewer.name == "questionnaires.link":
        raise NotAllowed("作答内容只供医务人员查看。")
    require(viewer, "patient.read")


def _readable(viewer: Actor, now: datetime):
    return Response.objects.filter(patient_id__in=readable_patients(viewer, now).values("id"))


def _answers(response: Response) -> dict:
    return open_answers(response.patient_id, response.id, response.answers_sealed)[0]


def _row(response: Response) -> ResponseRow:
    form = published_form(response.questionnaire, response.version)
    return ResponseRow(
        id=response.id, patient_id=response.patient_id, questionnaire=response.questionnaire, title=form.title,
        subject_id=response.subject_id, state=response.state, answered_by=WHO[response.answered_by],
        told_by=WHO[response.told_by], started_at=response.started_at, completed_at=response.completed_at,
        danger_level=response.danger_level, core_filled=response.core_filled, core_total=response.core_total,
        is_valid=response.core_total > 0 and response.core_filled * 100 >= VALID_PERCENT * response.core_total,
    )  # fmt: skip
