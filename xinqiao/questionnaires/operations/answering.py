"""Answering a form: step by step, to the end, or by a nurse on the phone (作答)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from xinqiao.accounts.queries import require
from xinqiao.audit.operations import concerning, operation
from xinqiao.kit.actor import Actor
from xinqiao.kit.errors import NotFound, Refused
from xinqiao.kit.events import publish
from xinqiao.kit.ids import new_id
from xinqiao.patients.queries import can_read
from xinqiao.questionnaires.events import DangerAnswered, ResponseCompleted
from xinqiao.questionnaires.models import Invitation, Response
from xinqiao.questionnaires.queries.links import passed
from xinqiao.questionnaires.rules.answers import (
    Asked,
    Finding,
    check_answers,
    completeness,
    findings,
    may_open,
)
from xinqiao.questionnaires.rules.forms import Form
from xinqiao.questionnaires.rules.library import published_form
from xinqiao.questionnaires.rules.sealing import open_answers, seal_answers

TOLD_BY = {"self": "self", "family": "kin"}


class AlreadySubmitted(Refused):
    """这份问卷已经提交过了，不能再改。如有变化，请打电话告诉护士。"""


class AnsweredAlready(Refused):
    """患者已经自己提交了这份问卷，请刷新后查看。"""


class MayNotAnswer(Refused):
    """这份问卷不能这样填写，请按页面提示操作。"""


@dataclass(frozen=True, slots=True)
class Saved:
    """What was saved, what must be put right, and what a person in danger must read now (保存结果)."""

    response_id: UUID
    state: str
    errors: Mapping[str, str]
    warnings: Mapping[str, str]
    advice: tuple[str, ...]
    core_filled: int
    core_total: int


@operation
def save_draft(
    *,
    invitation_id: UUID,
    pass_key: str,
    answers: Mapping[str, object],
    by: Actor,
    now: datetime,
    who: str = "self",
) -> Saved:
    """This function will keep the answers given so far; a dangerous one is announced at once (保存草稿).

    What is legible is kept, what is not is told in `errors`. A question not named keeps its answer; None takes it back.
    `who` is self or family.
    """
    invitation, verified = passed(invitation_id, pass_key, viewer=by, now=now)
    return _answer_link(invitation, answers, Asked(who, verified), by, now, complete=False)


@operation
def submit_response(
    *,
    invitation_id: UUID,
    pass_key: str,
    answers: Mapping[str, object],
    by: Actor,
    now: datetime,
    who: str = "self",
) -> Saved:
    """This function will complete a form, once (提交问卷): submitted again, it says that it is done.

    With `errors` it stays a draft, and nothing typed is lost.
    """
    invitation, verified = passed(invitation_id, pass_key, viewer=by, now=now)
    return _answer_link(invitation, answers, Asked(who, verified), by, now, complete=True)


@operation
def record_call_answers(
    *, patient_id: UUID, questionnaire: str, subject_id: UUID, answers: Mapping[str, object], by: Actor,
    now: datetime, who: str = "self", verified: bool = False, complete: bool = True,
) -> Saved:  # fmt: skip
    """This function will record what was answered on the phone (电话代录).

    `who` spoke: self or family; `verified` says that the nurse has made sure it is the patient, in person.
    """
    require(by, "task.work")
    if not can_read(patient_id, viewer=by, now=now):
        raise NotFound
    form, asked = published_form(questionnaire), Asked(who, verified)
    response = _response(form, patient_id, subject_id, None, by, now)
    if response.state == "completed":
        raise AnsweredAlready
    response.answered_by = "staff"
    return _write(response, answers, asked, now, complete)


def _answer_link(
    invitation: Invitation, answers: Mapping, asked: Asked, by: Actor, now: datetime, complete: bool
) -> Saved:
    concerning(invitation.patient_id, invitation_id=invitation.id)
    form = published_form(invitation.questionnaire, invitation.version)
    response = _response(form, invitation.patient_id, invitation.subject_id, invitation, by, now)
    if response.state == "completed":
        if complete:
            return _saved(response, {}, {}, ())
        raise AlreadySubmitted
    response.answered_by = TOLD_BY.get(asked.who, "self")
    return _write(response, answers, asked, now, complete)


def _response(
    form: Form, patient_id: UUID, subject_id: UUID, invitation: Invitation | None, by: Actor, now: datetime
) -> Response:
    """The one response about this subject, made at first need, locked."""
    fresh = Response(
        id=new_id(now), organisation_id=invitation.organisation_id if invitation else by.organisation_id,
        patient_id=patient_id, invitation=invitation, questionnaire=form.code, version=form.version,
        subject_id=subject_id, started_at=now, changed_at=now,
    )  # fmt: skip
    fresh.answers_sealed = seal_answers(patient_id, fresh.id, {}, {})
    Response.objects.bulk_create([fresh], ignore_conflicts=True)
    found = Response.objects.select_for_update().filter(
        questionnaire=form.code, subject_id=subject_id, patient_id=patient_id
    )
    if (response := found.first()) is None:
        raise NotFound("这份问卷不是这位患者的，请从患者的待办里重新打开。")
    return response


def _write(response: Response, given: Mapping, asked: Asked, now: datetime, complete: bool) -> Saved:
    form = published_form(response.questionnaire, response.version)
    allowed, reason = may_open(form, asked)
    if not allowed:
        raise MayNotAnswer(reason)
    before, announced = open_answers(response.patient_id, response.id, response.answers_sealed)
    checked = check_answers(form, before | dict(given), asked, complete)
    found = findings(form, checked.answers, asked)
    _announce(response, found, announced, now)
    kept = {**_out_of_sight(form, before, asked), **checked.answers}
    response.answers_sealed = seal_answers(response.patient_id, response.id, kept, announced)
    response.told_by, response.changed_at = TOLD_BY[asked.who], now
    response.core_filled, response.core_total = completeness(form, checked.answers, asked)
    if complete and not checked.errors:
        response.state, response.completed_at = "completed", now
        publish(ResponseCompleted(**_about(response, now)), now=now)
    response.save()
    concerning(response_id=response.id)
    return _saved(response, checked.errors, checked.warnings, tuple(dict.fromkeys(f.advice for f in found)))


def _announce(response: Response, found: list[Finding], announced: dict[str, int], now: datetime) -> None:
    """Once for each question, and again only when its answer became graver."""
    for finding in found:
        level = int(finding.level.removeprefix("L"))
        if announced.get(finding.item, level + 1) > level:
            announced[finding.item] = level
            publish(DangerAnswered(**_about(response, now), level=level), now=now)
    response.danger_level = min(announced.values(), default=0)


def _out_of_sight(form: Form, before: Mapping, asked: Asked) -> dict:
    """Answers given after a code stay when somebody goes on without one, who is not shown their questions."""
    hidden = [item.code for item in form.items if item.needs == "verified_phone" and not asked.verified]
    return {code: before[code] for code in hidden if code in before}


def _about(response: Response, now: datetime) -> dict:
    return {
        "organisation_id": response.organisation_id,
        "occurred_at": now,
        "response_id": response.id,
        "patient_id": response.patient_id,
        "subject_id": response.subject_id,
    }


def _saved(response: Response, errors: Mapping, warnings: Mapping, advice: tuple[str, ...]) -> Saved:
    return Saved(
        response.id, response.state, errors, warnings, advice, response.core_filled, response.core_total
    )
