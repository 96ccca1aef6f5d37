"""What a nurse has before her when she calls (话务单)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from xinqiao.accounts.queries import names as staff_names
from xinqiao.care.models import Step
from xinqiao.care.rules.alerts import DISPOSITIONS
from xinqiao.care.rules.wording import opening
from xinqiao.directory.queries import get_organisation
from xinqiao.kit.actor import Actor
from xinqiao.kit.errors import NotFound
from xinqiao.patients.queries import PatientCard, Reach, contact_for, get_patient
from xinqiao.questionnaires.queries import Prefill, prefill
from xinqiao.questionnaires.rules.answers import Asked, check_answers, findings
from xinqiao.questionnaires.rules.forms import Form
from xinqiao.questionnaires.rules.library import published_form
from xinqiao.worklist.queries import Sheet, get_item
from xinqiao.worklist.rules import OUTCOMES


@dataclass(frozen=True, slots=True)
class CallSheet:
    """Everything for one call on one page (话务单); the number is shown whole, as the task is to call it.

    `is_answered` says that the patient answered by himself and is only talked with. `version` goes back with the post.
    """

    item: Sheet
    patient: PatientCard
    step_id: UUID
    step_title: str
    due_at: datetime
    close_at: datetime
    phone: Reach | None
    opening: str
    form: Form
    filled: Prefill
    is_answered: bool
    digits: str
    outcomes: tuple[tuple[str, str], ...]
    dispositions: tuple[tuple[str, str], ...]
    version: int


def call_sheet(item_id: UUID, *, viewer: Actor, now: datetime) -> CallSheet:
    """This function will give the sheet for one follow-up call (取话务单)."""
    item = get_item(item_id, viewer=viewer, now=now)
    step = Step.objects.filter(id=item.row.subject_id, organisation_id=viewer.organisation_id).first()
    if item.row.kind != "follow_up_call" or step is None:
        raise NotFound("这条待办不是随访电话，请从待办里打开对应的页面。")
    patient = get_patient(step.patient_id, viewer=viewer, now=now)
    phone = contact_for(step.patient_id, "phone", viewer=viewer, now=now)
    return CallSheet(
        item=item,
        patient=patient,
        step_id=step.id,
        step_title=step.title,
        due_at=step.due_at,
        close_at=step.close_at,
        phone=phone,
        opening=_opening(patient, phone, viewer),
        form=published_form(step.questionnaire),
        filled=prefill(step.patient_id, step.questionnaire, step.id, viewer=viewer, now=now),
        is_answered=step.response_id is not None,
        digits=step.digits,
        outcomes=tuple((one.code, one.word) for one in OUTCOMES.values()),
        dispositions=tuple((code, one.word) for code, one in DISPOSITIONS.items()),
        version=item.row.version,
    )


def dangers_in(questionnaire: str, answers: Mapping[str, object], who: str, *, viewer: Actor) -> int:
    """This function will give the gravest level among answers as typed, 1 to 4, or 0 for none (危险级别)."""
    form, asked = published_form(questionnaire), Asked(who)
    found = findings(form, check_answers(form, answers, asked).answers, asked)
    return int(found[0].level.removeprefix("L")) if found else 0


def danger_code(questionnaire: str, *, viewer: Actor) -> str:
    """This function will name the rule by which dangerous answers to a form are one alert (预警规则名)."""
    return f"answers:{questionnaire}"


def _opening(patient: PatientCard, phone: Reach | None, viewer: Actor) -> str:
    caller = staff_names([viewer.user_id], viewer=viewer).get(viewer.user_id, "") if viewer.user_id else ""
    role = next((role for role in ("nurse", "doctor", "head") if role in viewer.roles), "")
    hospital = get_organisation(viewer.organisation_id).name
    return opening(hospital, caller, role, patient.name, phone.owner if phone else "self")
