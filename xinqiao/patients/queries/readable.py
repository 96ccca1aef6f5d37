"""Whom a viewer may read (可读患者). Every reading of patients begins here."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import BooleanField, ExpressionWrapper, F, Q, QuerySet
from django.db.models.functions import Coalesce

from xinqiao.kit.actor import Actor
from xinqiao.patients.models import Access, Identifier, Patient
from xinqiao.patients.rules.blinds import identifier_blind
from xinqiao.patients.rules.demographics import IdentifierSaid
from xinqiao.patients.rules.identifiers import read_identifier
from xinqiao.patients.rules.reading import ORDINARY, SEALED, ceiling, reads_own_organisation, reads_restricted


@dataclass(frozen=True, slots=True)
class Choice:
    """A person whom the user of a phone may act for (就诊人)."""

    patient_id: UUID
    name: str
    sex: str
    birth_on: date | None
    relation: str
    kinship: str


def readable_patients(viewer: Actor, now: datetime) -> QuerySet[Patient]:
    """This function will give the patients whom a viewer may read now (可读患者).

    Staff of a reading role: their organisation's up to label 4; anybody: whom a current grant names, up to the
    grant's own label. A restricted record is read for a legal purpose only, whoever asks.
    """
    stored = Patient.objects.all() if reads_restricted(viewer) else Patient.objects.filter(restricted_at=None)
    if viewer.kind == "system":
        return stored.filter(_here(viewer))
    granted = _granted(viewer, now)
    return stored.filter(_here(viewer) | granted if reads_own_organisation(viewer) else granted)


def readable_among(asked: Q, *, viewer: Actor, now: datetime) -> list[Patient]:
    """This function will give the readable ones among these few patients, quick to plan (其中可读者).

    One query where the viewer's post reaches all of them; grants are asked only for the others.
    """
    if not reads_own_organisation(viewer):
        return list(readable_patients(viewer, now).filter(asked))
    plain = _here(viewer) if reads_restricted(viewer) else _here(viewer) & Q(restricted_at=None)
    found = list(Patient.objects.filter(asked).annotate(is_plain=ExpressionWrapper(plain, BooleanField())))
    beyond = [one.id for one in found if not one.is_plain]
    granted = list(readable_patients(viewer, now).filter(id__in=beyond)) if beyond else []
    return [one for one in found if one.is_plain] + granted


def searchable_patients(viewer: Actor, now: datetime) -> QuerySet[Patient]:
    """This function will give the readable patients of the viewer's own organisation, quick to plan (可检索患者).

    Those of label 5 by the viewer's own grants, which are few and fetched first; nobody for a phone user.
    """
    if not reads_own_organisation(viewer):
        return Patient.objects.none()
    here = Patient.objects.filter(organisation_id=viewer.organisation_id, restricted_at=None)
    sealed = (
        _current(now).filter(_to_whom(viewer), label_ceiling__gte=SEALED).values_list("patient_id", flat=True)
    )
    granted = list(sealed)
    within = Q(label__lte=ceiling(viewer))
    return here.filter(within | Q(id__in=granted) if granted else within)


def can_read(patient_id: UUID, *, viewer: Actor, now: datetime) -> bool:
    """This function will say whether a viewer may read this patient now (是否可读)."""
    return bool(readable_among(Q(id=patient_id), viewer=viewer, now=now))


def linked_ids(patient_id: UUID, *, viewer: Actor, now: datetime) -> list[UUID]:
    """This function will give the readable records of the same person at the organisation (合并档案)."""
    return sorted(one.id for one in linked_patients(patient_id, viewer=viewer, now=now))


def linked_patients(patient_id: UUID, *, viewer: Actor, now: datetime) -> list[Patient]:
    """This function will give these records whole: one query where the one asked for survives (合并档案全文).

    The surviving key is asked for by itself: a subquery beside an OR would read the whole index of patients.
    """
    asked: dict[str, Any] = {"viewer": viewer, "now": now}
    found = readable_among(Q(id=patient_id) | Q(index_id=patient_id), **asked)
    if any(one.id == patient_id and one.index_id is None for one in found):
        return found
    linked = Patient.objects.filter(id=patient_id, index_id__isnull=False).values_list("index_id", flat=True)
    root = linked.first()
    return readable_among(Q(id=root) | Q(index_id=root), **asked) if root else found


def names(ids: Iterable[UUID], *, viewer: Actor, now: datetime) -> dict[UUID, str]:
    """This function will give the names of those among these patients whom the viewer may read (姓名)."""
    wanted = list(ids)
    return (
        {one.id: one.name for one in readable_among(Q(id__in=wanted), viewer=viewer, now=now)}
        if wanted
        else {}
    )


def patients_of(user_id: UUID, *, viewer: Actor, now: datetime) -> list[Choice]:
    """This function will list the persons whom this phone user may act for, himself first (就诊人)."""
    grants = _current(now).filter(grantee_user_id=user_id).order_by("starts_at", "id")
    relations = {grant.patient_id: (grant.relation, grant.kinship) for grant in grants}
    found = readable_patients(viewer, now).filter(id__in=relations, index_id=None)
    choices = [Choice(p.id, p.name, p.sex, p.birth_on, *relations[p.id]) for p in found]
    return sorted(choices, key=lambda one: (one.relation != "self", one.name, one.patient_id))


def own_users(patient_id: UUID, *, viewer: Actor, now: datetime) -> list[UUID]:
    """This function will list the phone users who are this patient himself (本人账号)."""
    readable = readable_patients(viewer, now).filter(id=patient_id)
    grants = _current(now).filter(patient__in=readable, relation="self", grantee_user_id__isnull=False)
    users = grants.values_list("grantee_user_id", flat=True).distinct()
    return [user for user in users if user]


def find_by_identifier(
    organisation_id: UUID, kind: str, system: str, value: str, *, viewer: Actor, now: datetime
) -> UUID | None:
    """This function will find the readable patient who has exactly this identifier, or None (按标识查找)."""
    read = read_identifier(IdentifierSaid(kind, value, system))
    owners = Identifier.objects.filter(
        organisation_id=organisation_id,
        kind=read.kind,
        system=read.system,
        value_blind=identifier_blind(organisation_id, read.value),
        is_valid=True,
    )
    found = readable_patients(viewer, now).filter(id__in=owners.values("patient_id"))
    return found.values_list("id", flat=True).first()


def _here(viewer: Actor) -> Q:
    """Whom the viewer's post reaches by itself, unless their records are only stored any more."""
    return Q(organisation_id=viewer.organisation_id, label__lte=ceiling(viewer))


def _current(now: datetime) -> QuerySet[Access]:
    return Access.objects.filter(Q(ends_at=None) | Q(ends_at__gt=now), starts_at__lte=now)


def _granted(viewer: Actor, now: datetime) -> Q:
    """Those whom a current grant to the viewer names; a grant never reaches above its own label."""
    grants = _current(now).filter(_to_whom(viewer))
    reach = Q(pk__in=[])
    for level in (ORDINARY, SEALED):
        named = Patient.objects.filter(id__in=grants.filter(label_ceiling__gte=level).values("patient_id"))
        root = named.values(root=Coalesce(F("index_id"), F("id")))
        reach |= (Q(id__in=root) | Q(index_id__in=root)) & Q(label__lte=level)
    return reach


def _to_whom(viewer: Actor) -> Q:
    to_whom = Q(grantee_user_id=viewer.user_id) if viewer.user_id else Q(pk__in=[])
    if viewer.kind == "staff":
        to_whom |= Q(grantee_department_id__in=list(viewer.department_ids))
        to_whom |= Q(grantee_organisation_id=viewer.organisation_id)
    return to_whom
