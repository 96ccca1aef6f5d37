"""Sending out a form, and opening its link with a proof (问卷邀请与核验)."""

import base64
import random
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from xinqiao.accounts.queries import require
from xinqiao.audit.operations import concerning, operation
from xinqiao.kit.actor import Actor
from xinqiao.kit.crypto import digest
from xinqiao.kit.errors import NotFound
from xinqiao.kit.ids import RANDOM, new_id
from xinqiao.patients.queries import can_read, get_patient, patients_of
from xinqiao.patients.rules.papers import WORDS as PAPERS
from xinqiao.questionnaires.models import Invitation, Response
from xinqiao.questionnaires.queries.links import pass_of
from xinqiao.questionnaires.rules.answers import Asked, may_open
from xinqiao.questionnaires.rules.library import published_form
from xinqiao.questionnaires.rules.tokens import CLOSED, proves, read_proof, try_token

NEEDS_CODE = "这份问卷需要先用患者本人手机接收验证码。"


@dataclass(frozen=True, slots=True)
class Invited:
    """A form sent out (已发问卷). `token` is told this once; only its digest is stored."""

    invitation_id: UUID
    token: str


@dataclass(frozen=True, slots=True)
class LinkOpened:
    """Whether a link opened, and what the person reads (核验结果); never an answer given before."""

    opens: bool
    message: str
    invitation_id: UUID | None = None
    pass_key: str = ""
    needs_code: bool = False
    is_done: bool = False


@operation
def invite(
    *, patient_id: UUID, questionnaire: str, subject_id: UUID, expires_at: datetime, by: Actor, now: datetime,
    rng: random.Random | None = None,
) -> Invited:  # fmt: skip
    """This function will send out a form about a subject: the link is `/q/` and the token (发出问卷).

    The token is 128 random bits. Inviting again makes another link to the same response.
    """
    require(by, "task.work")
    if not can_read(patient_id, viewer=by, now=now):
        raise NotFound
    form = published_form(questionnaire)
    token = base64.urlsafe_b64encode((rng or RANDOM).getrandbits(128).to_bytes(16)).decode().rstrip("=")
    invitation = Invitation.objects.create(
        id=new_id(now), organisation_id=by.organisation_id, patient_id=patient_id, questionnaire=form.code,
        version=form.version, subject_id=subject_id, token_hash=digest(token), created_at=now,
        needs_verified_phone=form.needs == "verified_phone", expires_at=expires_at,
    )  # fmt: skip
    concerning(invitation_id=invitation.id)
    return Invited(invitation.id, token)


@operation
def open_invitation(
    *, token: str, proof: str, by: Actor, now: datetime, verified_phone: bool = False
) -> LinkOpened:
    """This function will try a proof at a link: a birth date, or the last four of the ID (核验链接).

    Five wrong ones void it. Void, expired and unknown links answer alike. `by` is `queries.link_actor(token)`;
    `verified_phone` says that a code to the patient's own number was entered.
    """
    invitation = Invitation.objects.select_for_update().filter(token_hash=digest(token)).first()
    if invitation is None:
        return LinkOpened(False, CLOSED)
    concerning(invitation.patient_id, invitation_id=invitation.id)
    judged = try_token(
        _proves(invitation, proof, by, now), invitation.tries, invitation.expires_at, now,
        invitation.voided_at is not None,
    )  # fmt: skip
    if judged.failures != invitation.tries:
        Invitation.objects.filter(id=invitation.id).update(
            tries=judged.failures, voided_at=now if judged.void else None
        )
    if not judged.opens:
        return LinkOpened(False, judged.message)
    return _opened(invitation, verified_phone, by)


@operation
def open_own_invitation(*, invitation_id: UUID, by: Actor, now: datetime) -> LinkOpened:
    """This function will open a form for a phone user who has signed in by code (登录后打开问卷).

    The patient's own phone counts as verified; a relative's does not.
    """
    choices = (
        {one.patient_id: one for one in patients_of(by.user_id, viewer=by, now=now)} if by.user_id else {}
    )
    invitation = Invitation.objects.filter(id=invitation_id, patient_id__in=choices).first()
    if invitation is None:
        raise NotFound
    concerning(invitation.patient_id, invitation_id=invitation.id)
    if invitation.voided_at is not None or now >= invitation.expires_at:
        return LinkOpened(False, CLOSED)
    return _opened(invitation, choices[invitation.patient_id].relation == "self", by)


@operation
def void_invitations(*, subject_ids: Iterable[UUID], by: Actor, now: datetime) -> int:
    """This function will void the links sent out about these subjects, and say how many (作废链接)."""
    found = Invitation.objects.filter(
        subject_id__in=list(subject_ids), organisation_id=by.organisation_id, voided_at=None
    )
    held = list(found.select_for_update().order_by("id"))
    concerning(*(one.patient_id for one in held), invitation_ids=[one.id for one in held])
    return Invitation.objects.filter(id__in=[one.id for one in held]).update(voided_at=now)


def _proves(invitation: Invitation, proof: str, by: Actor, now: datetime) -> bool | None:
    patient = get_patient(invitation.patient_id, viewer=by, now=now)
    kinds = {kind.value for kind in PAPERS}
    papers = [one.value for one in patient.identifiers if one.kind in kinds and one.is_valid]
    birth_on = patient.birth_on if patient.birth_precision == "day" else None
    return proves(read_proof(proof), birth_on, papers)


def _opened(invitation: Invitation, verified: bool, by: Actor) -> LinkOpened:
    form = published_form(invitation.questionnaire, invitation.version)
    if invitation.needs_verified_phone and not verified:
        return LinkOpened(False, NEEDS_CODE, invitation.id, needs_code=True)
    done = Response.objects.filter(
        questionnaire=form.code, subject_id=invitation.subject_id, state="completed"
    ).exists()
    key = pass_of(invitation.id, verified, viewer=by)
    message = "这份问卷已经提交过了，谢谢。" if done else may_open(form, Asked("self", verified))[1]
    return LinkOpened(True, message, invitation.id, key, is_done=done)
