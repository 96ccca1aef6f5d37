"""Results: the newest of each kind, and their course over time (检验结果与趋势)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.conf import settings
from django.db import connection

from xinqiao.kit.actor import Actor
from xinqiao.record.models import LatestObservation
from xinqiao.record.queries.reading import readable_ids

DAYS = """
SELECT o.concept, max(o.display), (o.at AT TIME ZONE %s)::date AS day_on, coalesce(nullif(o.canonical_unit, ''), o.unit),
  (array_agg(coalesce(o.canonical_value, o.value) ORDER BY o.at DESC))[1],
  min(coalesce(o.canonical_value, o.value)), max(coalesce(o.canonical_value, o.value)), count(*)
FROM record_observation o
WHERE o.patient_id = ANY (%s) AND o.concept = ANY (%s) AND o.at >= %s AND o.at <= %s
  AND o.is_valid AND o.superseded_at IS NULL AND o.value IS NOT NULL
  AND (o.quality = '' OR o.canonical_value IS NOT NULL)
GROUP BY 1, 3, 4 ORDER BY 1, 3
"""


@dataclass(frozen=True, slots=True)
class Latest:
    """The newest valid result of one concept; `value` in the canonical unit where there is one (最新结果)."""

    code: str
    display: str
    at: datetime
    value: Decimal | None
    value_text: str
    comparator: str
    unit: str
    reference_range: str
    flag: str
    quality: str
    observation_id: UUID
    patient_id: UUID


@dataclass(frozen=True, slots=True)
class Point:
    """One day of one concept: the day's last value, lowest, highest and how many (趋势点)."""

    code: str
    display: str
    on: date
    unit: str
    value: Decimal
    low: Decimal
    high: Decimal
    number: int


def latest_values(
    patient_id: UUID,
    *,
    viewer: Actor,
    now: datetime,
    codes: tuple[str, ...] = (),
    among: Sequence[UUID] | None = None,
) -> list[Latest]:
    """This function will give the newest valid result of each concept, over all linked records (最新结果)."""
    ids = readable_ids(patient_id, viewer, now, among)
    found = LatestObservation.objects.filter(patient_id__in=ids).order_by("at")
    if codes:
        found = found.filter(code__in=codes)
    newest = {row[0]: Latest(*row) for row in found.values_list(*Latest.__slots__)}
    return sorted(newest.values(), key=lambda one: (one.display, one.code))


def series(
    patient_id: UUID,
    codes: tuple[str, ...],
    since: datetime,
    *,
    viewer: Actor,
    now: datetime,
    among: Sequence[UUID] | None = None,
) -> dict[str, list[Point]]:
    """This function will give the daily course of these concepts since an instant (指标趋势).

    Days are the organisation's. Values that cannot be true, or whose unit is in doubt, are left out; results in
    units that could not be converted stay apart by their unit.
    """
    ids = readable_ids(patient_id, viewer, now, among)
    course: dict[str, list[Point]] = {code: [] for code in codes}
    with connection.cursor() as cursor:
        cursor.execute(DAYS, [settings.TIME_ZONE, ids, list(codes), since, now])
        for row in cursor:
            course[row[0]].append(Point(*row))
    return course
