"""All that is only asked of care: plans, call sheets, alerts, previews, relations for counting (随访查询)."""

from xinqiao.care.queries.alerts import AlertCard, alerts_between, alerts_of, get_alert
from xinqiao.care.queries.backfills import Candidate, Preview, get_backfill
from xinqiao.care.queries.calls import CallSheet, call_sheet, danger_code, dangers_in
from xinqiao.care.queries.contacting import contact_obstacle_of, way_to_ask
from xinqiao.care.queries.pathways import NotPublished, get_pathway, newest_pathways
from xinqiao.care.queries.plans import Plan, PlannedStep, enrolment_of, plan_of, steps_between
from xinqiao.care.queries.subjects import has_due_steps, step_of_subject

__all__ = [
    "AlertCard",
    "CallSheet",
    "Candidate",
    "NotPublished",
    "Plan",
    "PlannedStep",
    "Preview",
    "alerts_between",
    "alerts_of",
    "call_sheet",
    "contact_obstacle_of",
    "danger_code",
    "dangers_in",
    "enrolment_of",
    "get_alert",
    "get_backfill",
    "get_pathway",
    "has_due_steps",
    "newest_pathways",
    "plan_of",
    "step_of_subject",
    "steps_between",
    "way_to_ask",
]
