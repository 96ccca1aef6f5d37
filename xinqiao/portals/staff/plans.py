"""Plans and messages of a patient as entries of a timeline (随访计划、沟通记录)."""

from django.urls import reverse
from django.utils.translation import gettext as _

from xinqiao.care.queries import Plan, PlannedStep, plan_of
from xinqiao.kit.requests import SeenRequest
from xinqiao.messaging.queries import messages_of, read_replies_of
from xinqiao.patients.queries import PatientCard
from xinqiao.portals.ui.wording import word_moment

RUNNING = ("active", "paused")
AHEAD = ("planned", "due", "in_progress", "overdue")
LATE = ("overdue", "missed", "lost")


def next_steps(request: SeenRequest, card: PatientCard) -> list[dict]:
    """This function will say of each running plan what comes next (下一步)."""
    address = reverse("staff:tab", args=[card.id, "plans"])
    running = [plan for plan in _plans(request, card) if plan.state in RUNNING]
    ahead = [(plan, next((step for step in plan.steps if step.state in AHEAD), None)) for plan in running]
    return [
        {"title": plan.title, "next": step.title, "at": step.due_at, "url": address}
        for plan, step in ahead
        if step
    ]


def steps(request: SeenRequest, card: PatientCard) -> list[dict]:
    """This function will show every plan with its steps (随访计划)."""
    found = _plans(request, card)
    return [{"title": _title(plan), "entries": [_step(one) for one in plan.steps]} for plan in found]


def messages(request: SeenRequest, card: PatientCard) -> list[dict]:
    """This function will show what was sent, why or why not, and what came back, the newest first (沟通记录)."""
    found = messages_of(card.id, viewer=request.actor, now=request.now, limit=100, among=card.records)
    sent = [
        {
            "at": one.at,
            "title": one.title,
            "kind": one.state_words,
            "detail": " · ".join(filter(None, [one.channel, one.to, one.body, *one.reasons])),
            "is_past": one.at <= request.now,
            "is_alarm": one.state in ("failed", "unknown"),
        }
        for one in found
    ]
    return sorted(sent + _replies(request, card), key=lambda one: one["at"], reverse=True)


def _replies(request: SeenRequest, card: PatientCard) -> list[dict]:
    found = read_replies_of(card.id, viewer=request.actor, now=request.now, limit=100)
    return [
        {
            "at": one.at,
            "title": one.text,
            "kind": _("已收到"),
            "detail": _("患者"),
            "is_past": True,
            "is_alarm": False,
        }
        for one in found
    ]


def _plans(request: SeenRequest, card: PatientCard) -> list[Plan]:
    return plan_of(card.id, viewer=request.actor, now=request.now, among=card.records)


def _title(plan: Plan) -> str:
    return " · ".join(filter(None, [plan.title, plan.word, plan.reason]))


def _step(one: PlannedStep) -> dict:
    tried = [f"{word_moment(at)} {word}" for at, word in one.tries]
    return {
        "at": one.completed_at or one.due_at,
        "title": one.title,
        "kind": one.word,
        "detail": " · ".join(filter(None, [one.completed_via, one.reason, *tried])),
        "is_past": one.state not in AHEAD,
        "is_alarm": one.state in LATE,
    }
