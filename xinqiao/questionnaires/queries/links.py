"""Who holds a link, and what still shows behind it; never an answer given before (链接查询)."""

import hmac
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection

from xinqiao.kit.actor import Actor, system
from xinqiao.kit.crypto import digest, secret
from xinqiao.patients.queries import readable_patients
from xinqiao.questionnaires.models import Invitation, Response
from xinqiao.questionnaires.rules.answers import Asked, check_answers, may_open, visible_items
from xinqiao.questionnaires.rules.forms import Item
from xinqiao.questionnaires.rules.library import published_form
from xinqiao.questionnaires.rules.sealing import open_answers
from xinqiao.questionnaires.rules.tokens import LinkClosed

PURPOSE = "questionnaires.proved"


@dataclass(frozen=True, slots=True)
class LinkSheet:
    """What the phone page shows (答题页): the questions still open, and how many were answered, not what."""

    invitation_id: UUID
    title: str
    minutes: int
    who: tuple[str, ...]
    items: tuple[Item, ...]
    answered: int
    total: int
    is_done: bool


@dataclass(frozen=True, slots=True)
class InvitationRow:
    """One form that a patient was asked to fill in (待填问卷)."""

    id: UUID
    questionnaire: str
    title: str
    minutes: int
    subject_id: UUID
    created_at: datetime
    expires_at: datetime
    is_done: bool
    is_open: bool


def link_actor(token: str, *, viewer: Actor) -> Actor:
    """This function will say as whom the bearer of a link acts: a process at the organisation that sent it (链接身份).

    Of an unknown link it is a process of nowhere, which sees nothing; the two are not told apart.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT questionnaires_door(%s)", [digest(token)])
        organisation_id = cursor.fetchone()[0]
    return system("questionnaires.link", organisation_id, session=viewer.session, address=viewer.address)


def link_sheet(
    invitation_id: UUID, pass_key: str, *, viewer: Actor, now: datetime, who: str = "self"
) -> LinkSheet:
    """This function will give the questions still to be answered, to whoever has proved himself (答题页)."""
    invitation, verified = passed(invitation_id, pass_key, viewer=viewer, now=now)
    form = published_form(invitation.questionnaire, invitation.version)
    asked = Asked(who, verified)
    response = Response.objects.filter(
        questionnaire=invitation.questionnaire, subject_id=invitation.subject_id
    ).first()
    given = check_answers(form, _given(response), asked).answers
    shown = visible_items(form, given, asked) if may_open(form, asked)[0] else []
    rest = tuple(item for item in shown if given.get(item.code) is None)
    is_done = response is not None and response.state == "completed"
    return LinkSheet(
        invitation.id, form.title, form.minutes, form.who, () if is_done else rest,
        len(shown) - len(rest), len(shown), is_done,
    )  # fmt: skip


def invitations_of(patient_id: UUID, *, viewer: Actor, now: datetime) -> list[InvitationRow]:
    """This function will list the forms a readable patient was asked to fill in, the latest first (问卷邀请)."""
    readable = readable_patients(viewer, now).filter(id=patient_id).values("id")
    invitations = list(Invitation.objects.filter(patient_id__in=readable).order_by("-created_at", "-id"))
    subjects = {one.subject_id for one in invitations}
    done = set(
        Response.objects.filter(subject_id__in=subjects, state="completed").values_list(
            "questionnaire", "subject_id"
        )
    )
    return [_row(one, (one.questionnaire, one.subject_id) in done, now) for one in invitations]


def passed(invitation_id: UUID, pass_key: str, *, viewer: Actor, now: datetime) -> tuple[Invitation, bool]:
    """This function will find the form that a proof opened, and whether the phone was verified (核对通行码)."""
    invitation = Invitation.objects.filter(id=invitation_id, voided_at=None, expires_at__gt=now).first()
    if invitation is None:
        raise LinkClosed
    for verified in (True, False):
        if hmac.compare_digest(pass_of(invitation_id, verified, viewer=viewer).encode(), pass_key.encode()):
            return invitation, verified
    raise LinkClosed


def pass_of(invitation_id: UUID, verified: bool, *, viewer: Actor) -> str:
    """This function will make the word by which a page shows that the proof was given (通行码)."""
    return hmac.digest(secret(PURPOSE), f"{invitation_id}:{verified}".encode(), "sha256").hex()


def _given(response: Response | None) -> dict:
    return open_answers(response.patient_id, response.id, response.answers_sealed)[0] if response else {}


def _row(invitation: Invitation, is_done: bool, now: datetime) -> InvitationRow:
    form = published_form(invitation.questionnaire, invitation.version)
    is_open = invitation.voided_at is None and now < invitation.expires_at and not is_done
    return InvitationRow(
        invitation.id, form.code, form.title, form.minutes, invitation.subject_id, invitation.created_at,
        invitation.expires_at, is_done, is_open,
    )  # fmt: skip
