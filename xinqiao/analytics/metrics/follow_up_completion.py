"""Of the follow-up steps that were due, how many gave a result within their window (随访完成率)."""

from datetime import datetime
from uuid import UUID

from django.db.models import Case, CharField, F, Q, QuerySet, Value, When

from xinqiao.analytics.metrics import METRICS
from xinqiao.analytics.rules import COUNTED, NOT_DONE, Metric
from xinqiao.care.queries import steps_between
from xinqiao.kit.actor import Actor

EXCLUSIONS = {
    "discharge_cancelled": "出院已撤销",
    "not_yet": "应做日未到",
    "still_open": "时间窗未结束",
    "died": "患者去世（含待核实）",
    "readmitted": "再次入院，随访暂停",
    "discharged_again": "再次出院，按新计划随访",
    "consent_withdrawn": "本人撤回同意",
    "refused": "本人拒绝随访",
    "moved_away": "已迁出",
    "late_enrolment": "入组时时间窗已过",
}
OPEN = ("planned", "due", "in_progress")
# The first that holds decides. What can still be answered in its window is neither done nor missed. Who was lost (失访) or never asked counts as not done.
VERDICTS = (
    ("discharge_cancelled", lambda _: Q(ended_by="discharge_cancelled")),
    ("not_yet", lambda now: Q(due_at__gt=now)),
    (COUNTED, lambda _: Q(state="done", completed_at__lt=F("close_at"))),
    (NOT_DONE, lambda _: Q(state="done")),
    ("died", lambda _: Q(reason="died") | Q(standing="paused", ended_by="death_reported")),
    ("readmitted", lambda _: Q(reason="paused_too_long") | Q(standing="paused", ended_by="readmitted")),
    *((code, lambda _, code=code: Q(reason=code)) for code in list(EXCLUSIONS)[5:]),
    ("still_open", lambda now: Q(close_at__gt=now, state__in=OPEN)),
)


def rows(
    *, since: datetime, until: datetime, viewer: Actor, now: datetime, department_id: UUID | None = None
) -> QuerySet:
    """This function will give the steps due in [since, until), each with its verdict (应随访步骤)."""
    found = steps_between(since=since, until=until, department_id=department_id, viewer=viewer, now=now)
    cases = [When(condition(now), then=Value(verdict)) for verdict, condition in VERDICTS]
    return found.annotate(verdict=Case(*cases, default=Value(NOT_DONE), output_field=CharField()))


METRICS.add("follow_up_completion")(
    Metric(
        code="follow_up_completion",
        title="随访完成率",
        unit="随访步骤",
        formula="应做日在期内、时间窗已结束或已完成的随访步骤中，在时间窗内取得结构化结果的步骤数 ÷ 应随访步骤数",
        source="随访与运营指标，院方默认口径",
        mark="◇",
        by="due_at",
        exclusions=EXCLUSIONS,
        rows=rows,
    )
)
