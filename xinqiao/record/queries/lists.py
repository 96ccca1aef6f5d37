"""What a patient has: problems, medicines, allergies; and single reports (问题、用药、过敏、报告)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Max, Min, QuerySet

from xinqiao.kit.actor import Actor
from xinqiao.kit.crypto import unseal
from xinqiao.kit.errors import NotFound
from xinqiao.patients.queries import readable_patients
from xinqiao.record.models import Allergy, Condition, Medication, Report
from xinqiao.record.queries.reading import readable_ids
from xinqiao.record.rules.said import TEXT

LISTED = 100


@dataclass(frozen=True, slots=True)
class Problem:
    """One diagnosis over all visits (问题): when first and last, and how often it was recorded."""

    code: str
    display: str
    first_at: datetime
    last_at: datetime
    times: int


@dataclass(frozen=True, slots=True)
class ListedFact:
    """One medicine or allergy (用药或过敏)."""

    id: UUID
    code: str
    display: str
    at: datetime
    detail: str
    status: str
    encounter_id: UUID | None


@dataclass(frozen=True, slots=True)
class ReportCard:
    """One report with its text (报告)."""

    id: UUID
    patient_id: UUID
    title: str
    text: str
    at: datetime
    issued_at: datetime | None
    author_name: str
    status: str


def problems(
    patient_id: UUID, *, viewer: Actor, now: datetime, among: Sequence[UUID] | None = None
) -> list[Problem]:
    """This function will list a patient's diagnoses, the last recorded first (问题列表)."""
    found = _current(Condition.objects, patient_id, viewer, now, among).values("concept", "display")
    found = found.annotate(first_at=Min("at"), last_at=Max("at"), times=Count("id")).order_by(
        "-last_at", "concept"
    )
    return [
        Problem(*row)
        for row in found.values_list("concept", "display", "first_at", "last_at", "times")[:LISTED]
    ]


def medications(
    patient_id: UUID, *, viewer: Actor, now: datetime, among: Sequence[UUID] | None = None
) -> list[ListedFact]:
    """This function will list a patient's medicines, the newest first (用药列表)."""
    return _listed(_current(Medication.objects, patient_id, viewer, now, among), "text")


def allergies(
    patient_id: UUID, *, viewer: Actor, now: datetime, among: Sequence[UUID] | None = None
) -> list[ListedFact]:
    """This function will list a patient's allergies, each substance once (过敏列表)."""
    once: dict = {}
    for one in _listed(_current(Allergy.objects, patient_id, viewer, now, among), "reaction"):
        once.setdefault(one.code or one.display, one)
    return list(once.values())


def get_report(report_id: UUID, *, viewer: Actor, now: datetime) -> ReportCard:
    """This function will give one report of a readable patient with its text; raises NotFound (取报告)."""
    readable = readable_patients(viewer, now).values("id")
    one = Report.objects.filter(id=report_id, patient_id__in=readable).first()
    if one is None:
        raise NotFound
    text = unseal(one.patient_id, one.text_sealed, TEXT) if one.text_sealed else ""
    return ReportCard(
        one.id, one.patient_id, one.title, text, one.at, one.issued_at, one.author_name, one.status
    )


def _current(facts, patient_id: UUID, viewer: Actor, now: datetime, among: Sequence[UUID] | None) -> QuerySet:
    ids = readable_ids(patient_id, viewer, now, among)
    return facts.filter(patient_id__in=ids, superseded_at=None, is_valid=True)


def _listed(found: QuerySet, detail: str) -> list[ListedFact]:
    columns = ("id", "concept", "display", "at", detail, "status", "encounter_id")
    return [ListedFact(*row) for row in found.order_by("-at", "-id").values_list(*columns)[:LISTED]]
