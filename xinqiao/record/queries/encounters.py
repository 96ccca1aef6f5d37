"""Visits and stays (就诊)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from xinqiao.kit.actor import Actor
from xinqiao.kit.errors import NotFound
from xinqiao.patients.queries import readable_patients
from xinqiao.record.models import Encounter
from xinqiao.record.queries.reading import readable_ids
from xinqiao.record.rules.folding import STAYS

LISTED = 200


@dataclass(frozen=True, slots=True)
class EncounterCard:
    """One visit as it stands (就诊)."""

    id: UUID
    organisation_id: UUID
    patient_id: UUID
    source: str
    source_key: str
    class_: str
    status: str
    department_id: UUID | None
    department_text: str
    ward: str
    bed: str
    attending_id: UUID | None
    attending_name: str
    started_at: datetime
    ended_at: datetime | None
    disposition: str
    reason_text: str
    is_live: bool


COLUMNS = tuple(name.replace("class_", "kind") for name in EncounterCard.__slots__)


def encounters(
    patient_id: UUID,
    *,
    viewer: Actor,
    now: datetime,
    limit: int = LISTED,
    among: Sequence[UUID] | None = None,
) -> list[EncounterCard]:
    """This function will list a patient's visits, newest first, over all linked records (就诊列表)."""
    ids = readable_ids(patient_id, viewer, now, among)
    return _cards(Encounter.objects.filter(patient_id__in=ids).order_by("-started_at", "-id")[:limit])


def get_encounter(encounter_id: UUID, *, viewer: Actor, now: datetime) -> EncounterCard:
    """This function will give one visit of a readable patient; raises NotFound (取就诊)."""
    readable = readable_patients(viewer, now).values("id")
    found = _cards(Encounter.objects.filter(id=encounter_id, patient_id__in=readable))
    if not found:
        raise NotFound
    return found[0]


def discharges(
    *, since: datetime, until: datetime, viewer: Actor, now: datetime, department_id: UUID | None = None
) -> list[EncounterCard]:
    """This function will list the stays of readable patients that ended in [since, until) (出院名单)."""
    found = Encounter.objects.filter(
        organisation_id=viewer.organisation_id,
        status="finished",
        kind__in=STAYS,
        ended_at__gte=since,
        ended_at__lt=until,
        patient_id__in=readable_patients(viewer, now).values("id"),
    )
    if department_id:
        found = found.filter(department_id=department_id)
    return _cards(found.order_by("ended_at", "id"))


def _cards(found: QuerySet[Encounter]) -> list[EncounterCard]:
    return [EncounterCard(*row) for row in found.values_list(*COLUMNS)]
