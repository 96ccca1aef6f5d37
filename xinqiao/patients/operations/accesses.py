"""Letting somebody read a patient, and ending it (授权与撤销)."""

from datetime import datetime
from uuid import UUID

from xinqiao.audit.operations import concerning, operation
from xinqiao.kit.actor import Actor
from xinqiao.kit.errors import NotFound, Refused
from xinqiao.kit.events import publish
from xinqiao.kit.ids import new_id
from xinqiao.patients.events import AccessChanged
from xinqiao.patients.models import Access
from xinqiao.patients.queries import own_users, readable_patients
from xinqiao.patients.rules.reading import ORDINARY, SEALED


class OneGrantee(Refused):
    """授权须指明一位用户、一个科室或一家机构，三者选一。"""


class OnlyHimself(Refused):
    """只有患者本人可以授权他人查看。请患者本人登录后办理，或到医院窗口办理。"""


@operation
def grant_access(
    *,
    patient_id: UUID,
    relation: str,
    user_id: UUID | None = None,
    department_id: UUID | None = None,
    grantee_organisation_id: UUID | None = None,
    kinship: str = "",
    purpose: str = "care",
    label_ceiling: int | None = None,
    evidence: str = "",
    ends_at: datetime | None = None,
    by: Actor,
    now: datetime,
) -> UUID:
    """This function will let a user, a department or an organisation read a patient from now on (授权).

    `relation`: self, proxy (family), team or grant. The patient himself reads his record whatever its label.
    """
    grantee = _one(user_id, department_id, grantee_organisation_id)
    access = Access.objects.create(
        id=new_id(now),
        organisation_id=_granting(patient_id, by, now),
        patient_id=patient_id,
        relation=relation,
        kinship=kinship,
        purpose=purpose,
        label_ceiling=label_ceiling or (SEALED if relation == "self" else ORDINARY),
        evidence=evidence,
        starts_at=now,
        ends_at=ends_at,
        **grantee,
    )
    _tell(access, now)
    return access.id


@operation
def end_access(*, access_id: UUID, by: Actor, now: datetime) -> None:
    """This function will end a grant now; that it once stood remains on record (撤销授权)."""
    access = Access.objects.filter(id=access_id).first()
    if access is None:
        raise NotFound
    _organisation_of(access.patient_id, by, now)
    if access.ends_at is None or access.ends_at > now:
        Access.objects.filter(id=access_id).update(ends_at=max(now, access.starts_at))
        _tell(access, now)


def _one(*grantees: UUID | None) -> dict[str, UUID | None]:
    if len([one for one in grantees if one is not None]) != 1:
        raise OneGrantee
    columns = ("grantee_user_id", "grantee_department_id", "grantee_organisation_id")
    return dict(zip(columns, grantees, strict=True))


def _granting(patient_id: UUID, by: Actor, now: datetime) -> UUID:
    organisation_id = _organisation_of(patient_id, by, now)
    if by.kind == "patient" and by.user_id not in own_users(patient_id, viewer=by, now=now):
        raise OnlyHimself
    return organisation_id


def _organisation_of(patient_id: UUID, by: Actor, now: datetime) -> UUID:
    patient = readable_patients(by, now).filter(id=patient_id).only("organisation_id").first()
    if patient is None:
        raise NotFound
    return patient.organisation_id


def _tell(access: Access, now: datetime) -> None:
    concerning(access.patient_id, access_id=access.id, relation=access.relation)
    publish(
        AccessChanged(
            organisation_id=access.organisation_id,
            occurred_at=now,
            patient_id=access.patient_id,
            access_id=access.id,
        ),
        now=now,
    )
