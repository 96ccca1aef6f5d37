"""Keeping a number as it was reported (指标留存)."""

from datetime import datetime
from uuid import UUID

from xinqiao.analytics.models import KeptMeasure
from xinqiao.analytics.queries import measure
from xinqiao.audit.operations import concerning, operation
from xinqiao.kit.actor import Actor
from xinqiao.kit.ids import new_id


@operation
def keep_measure(
    *,
    code: str,
    since: datetime,
    until: datetime,
    by: Actor,
    now: datetime,
    department_id: UUID | None = None,
) -> UUID:
    """This function will keep what a metric comes to now, so that what was reported can be shown later (留存指标)."""
    counted = measure(code, since=since, until=until, department_id=department_id, viewer=by, now=now).tally
    kept = KeptMeasure.objects.create(
        id=new_id(now), organisation_id=by.organisation_id, code=code, department_id=department_id,
        starts_at=since, ends_at=until, numerator=counted.numerator, denominator=counted.denominator,
        excluded=dict(counted.excluded), kept_at=now,
    )  # fmt: skip
    concerning(measure_id=kept.id, code=code)
    return kept.id
