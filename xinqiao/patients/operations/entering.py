"""Coming in by phone number: the patients whose own number it is are opened to it (手机号进入)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.db.models.functions import Coalesce

from xinqiao.accounts.operations import open_session, redeem_login_code
from xinqiao.accounts.queries import get_phone
from xinqiao.audit.operations import concerning, operation
from xinqiao.kit.actor import Actor
from xinqiao.patients.models import Access, ContactPoint
from xinqiao.patients.operations.accesses import end_access, grant_access
from xinqiao.patients.queries import readable_patients
from xinqiao.patients.rules.blinds import phone_blind

BY_NUMBER = "phone"  # the evidence of a grant that goes with the number, and ends with it


@dataclass(frozen=True, slots=True)
class Entered:
    """How giving a code went, and the stay that it opened (进入结果)."""

    ok: bool
    message: str = ""
    session_id: UUID | None = None
    patients: tuple[UUID, ...] = ()


@operation
def enter_by_phone(
    *, organisation_id: UUID, phone: str, code: str, address: str, device: str, began_at: datetime, by: Actor,
    now: datetime,
) -> Entered:  # fmt: skip
    """This function will let a phone in by its code, to the patients whose own number it is (验证码进入).

    `now` is the business time, `began_at` the real one, by which stays are counted.
    """
    said: dict[str, Any] = {"address": address, "device": device, "by": by}
    outcome = redeem_login_code(organisation_id=organisation_id, phone=phone, code=code, now=now, **said)
    if not outcome.ok or outcome.user_id is None:
        return Entered(False, outcome.message)
    patients = grant_by_number(user_id=outcome.user_id, by=by, now=now)
    session_id = open_session(user_id=outcome.user_id, organisation_id=organisation_id, now=began_at, **said)
    return Entered(True, "", session_id, tuple(patients))


@operation
def grant_by_number(*, user_id: UUID, by: Actor, now: datetime) -> list[UUID]:
    """This function will bring a phone user's grants in step with whose number it is now (按号码授权).

    A number registered as one patient's own makes its user that patient; one that several share makes him a proxy of
    each, who reads nothing sealed. Grants given by hand are left alone. Gives the patients of the number.
    """
    wanted = _holders(user_id, by, now)
    relation = "self" if len(wanted) == 1 else "proxy"
    current = Q(ends_at=None) | Q(ends_at__gt=now)
    standing = Access.objects.filter(current, grantee_user_id=user_id, evidence=BY_NUMBER)
    held = {one.patient_id: one for one in standing}
    kept = {patient for patient, one in held.items() if patient in wanted and one.relation == relation}
    for patient_id in sorted(held.keys() - kept):
        end_access(access_id=held[patient_id].id, by=by, now=now)
    for patient_id in sorted(wanted - kept):
        grant_access(
            patient_id=patient_id, relation=relation, user_id=user_id, evidence=BY_NUMBER, by=by, now=now
        )
    concerning(account=user_id)
    return sorted(wanted)


def _holders(user_id: UUID, by: Actor, now: datetime) -> set[UUID]:
    """The living whose own number it is, each by the record that a merge has kept."""
    organisation_id, number = get_phone(user_id, viewer=by)
    said = ContactPoint.objects.filter(
        organisation_id=organisation_id, value_blind=phone_blind(organisation_id, number), kind="mobile",
        owner="self", superseded_at=None,
    ).exclude(state="wrong")  # fmt: skip
    readable = readable_patients(by, now)
    named = readable.filter(id__in=said.values("patient_id"))
    roots: Iterable[UUID] = named.values_list(Coalesce("index_id", "id"), flat=True)
    living = readable.filter(id__in=list(roots), deceased_at=None)
    return set(living.values_list("id", flat=True))
