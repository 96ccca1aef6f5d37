"""The first page of the phone, the plan, and who looked (首页、我的计划、谁看过我的资料)."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from xinqiao.accounts.queries import names as staff_names
from xinqiao.audit.operations import log_reading
from xinqiao.audit.queries import accesses
from xinqiao.care.queries import plan_of
from xinqiao.directory.queries import post_titles
from xinqiao.kit.requests import SeenRequest
from xinqiao.portals.patient import looks, plans, results
from xinqiao.portals.patient.framing import Chosen, draw, own
from xinqiao.questionnaires.queries import InvitationRow, invitations_of
from xinqiao.record.queries import latest_values

LINES = 300


@require_GET
@own
def home(request: SeenRequest, chosen: Chosen) -> HttpResponse:
    """This function will show what is to be done today, and where to go (首页)."""
    log_reading(request.actor, [chosen.card.id], "own.home", now=request.now)
    asked: dict[str, Any] = {"viewer": request.actor, "now": request.now}
    forms = invitations_of(chosen.card.id, **asked)
    context = {
        "greeting": _greeting(request),
        "todo": [_todo(one, chosen.spared) for one in forms if one.is_open],
        "next_step": plans.next_step(plan_of(chosen.card.id, **asked), request.now),
        "results": [] if chosen.spared else results.newest(latest_values(chosen.card.id, **asked)),
        "doors": _doors(chosen),
        "back_url": "",
    }
    return draw(request, "patient/home.html", context, chosen=chosen)


@require_GET
@own
def plan(request: SeenRequest, chosen: Chosen) -> HttpResponse:
    """This function will show every plan, step by step (我的计划)."""
    log_reading(request.actor, [chosen.card.id], "own.plan", now=request.now)
    found = plan_of(chosen.card.id, viewer=request.actor, now=request.now)
    shown = [plans.draw(one, spared=chosen.spared) for one in found]
    return draw(request, "patient/plan.html", {"plans": shown}, chosen=chosen)


@require_GET
@own
def readers(request: SeenRequest, chosen: Chosen) -> HttpResponse:
    """This function will show who looked at the patient's data, in plain words (谁看过我的资料)."""
    seen = looks.read(accesses(chosen.card.id, viewer=request.actor, limit=LINES))
    people = staff_names({one.user_id for one in seen if one.user_id}, viewer=request.actor)
    posts = post_titles({one.post_id for one in seen if one.post_id}, request.actor)
    days = looks.by_day(seen, people, posts, request.actor.user_id)
    log_reading(request.actor, [chosen.card.id], "own.readers", now=request.now)
    return draw(request, "patient/readers.html", {"days": days}, chosen=chosen)


def _greeting(request: SeenRequest) -> str:
    hour = timezone.localtime(request.now).hour
    return _("上午好") if 5 <= hour < 12 else _("下午好") if 12 <= hour < 18 else _("晚上好")


def _todo(one: InvitationRow, spared: bool) -> dict:
    return {
        "title": _("随访问卷") if spared else one.title,
        "detail": _("约%(n)s分钟") % {"n": one.minutes},
        "url": reverse("patient:form", args=[one.id]),
        "action": _("开始"),
    }


def _doors(chosen: Chosen) -> list[dict]:
    doors = [
        {"label": _("我的计划"), "icon": "route", "url": reverse("patient:plan")},
        {"label": _("谁看过我的资料"), "icon": "shield", "url": reverse("patient:readers")},
        {"label": _("授权与同意"), "icon": "form", "url": reverse("patient:consents")},
    ]
    switch = {"label": _("切换就诊人"), "icon": "family", "url": reverse("patient:people")}
    return [*doors, switch] if chosen.others else doors
