"""A plan in the patient's words (我的计划)."""

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xinqiao.care.queries import Plan, PlannedStep

# What happens to a step, as one says it to a patient: nothing here blames him.
WORDS = {
    "planned": gettext_lazy("还没到时间"),
    "due": gettext_lazy("现在可以填"),
    "in_progress": gettext_lazy("进行中"),
    "overdue": gettext_lazy("护士会联系您"),
    "done": gettext_lazy("已完成"),
    "missed": gettext_lazy("没有联系上"),
    "lost": gettext_lazy("没有联系上"),
    "cancelled": gettext_lazy("已取消"),
}
OPEN = ("planned", "due", "in_progress", "overdue")


def draw(plan: Plan, *, spared: bool) -> dict:
    """This function will put one plan into words; a title may name an illness, so it can be spared (计划)."""
    return {
        "title": _("随访计划") if spared else plan.title,
        "since": plan.anchor_at,
        "why": _why(plan),
        "entries": [_entry(step, spared) for step in plan.steps],
    }


def next_step(plans: list[Plan], now: datetime) -> dict | None:
    """This function will give the next step that is still to come, or None (下一步)."""
    coming = [step for plan in plans if plan.state == "active" for step in plan.steps if step.state in OPEN]
    step = min((one for one in coming if one.close_at > now), key=lambda one: one.due_at, default=None)
    return {"at": step.due_at, "is_now": step.open_at <= now} if step else None


def _why(plan: Plan) -> str:
    if plan.state == "active":
        return _("您出院后，我们会按下面的时间了解您的恢复情况。")
    return _("这份计划现在的状态：%(word)s。") % {"word": plan.word}


def _entry(step: PlannedStep, spared: bool) -> dict:
    return {
        "at": step.completed_at or step.due_at,
        "is_day": True,
        "title": _("随访") if spared else step.title,
        "kind": WORDS[step.state],
        "detail": step.completed_via,
        "is_past": step.state not in OPEN,
    }
