"""Of the grave alerts, how many were taken up in time (预警响应达标率)."""

from datetime import datetime
from uuid import UUID

from django.db.models import Case, CharField, F, Q, QuerySet, Value, When

from xinqiao.analytics.metrics import METRICS
from xinqiao.analytics.rules import COUNTED, NOT_DONE, Metric
from xinqiao.care.queries import alerts_between
from xinqiao.kit.actor import Actor

EXCLUSIONS = {"died": "患者去世", "not_yet": "未到首响时限"}


def rows(
    *, since: datetime, until: datetime, viewer: Actor, now: datetime, department_id: UUID | None = None
) -> QuerySet:
    """This function will give the alerts of level L1 and L2 raised in [since, until), with verdicts (高级别预警)."""
    found = alerts_between(since=since, until=until, department_id=department_id, viewer=viewer, now=now)
    cases = [
        When(Q(disposition="deceased"), then=Value("died")),
        When(Q(acked_at__lte=F("respond_at")), then=Value(COUNTED)),
        When(Q(acked_at=None, respond_at__gt=now), then=Value("not_yet")),
    ]
    verdict = Case(*cases, default=Value(NOT_DONE), output_field=CharField())
    return found.filter(level__in=("L1", "L2")).annotate(verdict=verdict)


METRICS.add("alert_response")(
    Metric(
        code="alert_response",
        title="预警响应达标率",
        unit="预警",
        formula="期内发生的危急与高危预警中，在首响时限内有人确认的条数 ÷ 应响应条数；危急 15 分钟，高危 2 小时、夜间 4 小时",
        source="随访与运营指标，院方默认口径",
        mark="◇",
        by="raised_at",
        exclusions=EXCLUSIONS,
        rows=rows,
    )
)
