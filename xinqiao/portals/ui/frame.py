"""The frame around every page of the staff (工作台框架): who I am, where I can go, what was just done."""

from dataclasses import dataclass

from django.contrib.messages import get_messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from xinqiao.accounts.rules import ROLES, may
from xinqiao.directory.queries import department_names, get_organisation
from xinqiao.intake import queries as intake
from xinqiao.kit.ids import outside
from xinqiao.kit.requests import SeenRequest
from xinqiao.worklist import queries as worklist


@dataclass(frozen=True)
class Place:
    """One entry of the main menu, and the right it needs (菜单项)."""

    label: str | Promise
    route: str
    icon: str
    action: str
    query: str = ""


MENU = (
    Place(_("今日"), "staff:today", "today", "task.work"),
    Place(_("预警"), "staff:today", "alert", "alert.handle", "?kind=alert"),
    Place(_("患者"), "staff:search", "person", "patient.search"),
    Place(_("异常报文"), "staff:held", "inbox", "intake.manage"),
    Place(_("统计报表"), "manager:overview", "chart", "metrics.read"),
)


def draw(request: SeenRequest, template: str, context: dict, *, status: int = 200) -> HttpResponse:
    """This function will render a page of the staff in its frame, or a fragment (page.html#part) without one."""
    whole = {"now": request.now} | context
    if "#" not in template:
        whole = frame(request) | whole
    return render(request, template, whole, status=status)


def first_page(request: SeenRequest) -> str:
    """This function will give the first page a person may open, or nothing (首页)."""
    return next((_address(place) for place in MENU if may(request.actor, place.action).ok), "")


def frame(request: SeenRequest) -> dict:
    """This function will say who looks, where he can go and what was just done: four queries at most (框架)."""
    return {
        "me": _me(request),
        "menu": _menu(request),
        "search_url": reverse("staff:search"),
        "logout_url": reverse("public:logout"),
        "lock_url": reverse("public:lock"),
        "language_url": reverse("public:language"),
        "toasts": [{"text": said.message, "done": said.extra_tags} for said in get_messages(request)],
    }


def _me(request: SeenRequest) -> dict:
    actor = request.actor
    teams = department_names(actor.department_ids, actor) if actor.department_ids else {}
    return {
        "name": request.stay.name,
        "role": "、".join(ROLES[role] for role in sorted(actor.roles)),
        "team": "、".join(teams.values()) or get_organisation(actor.organisation_id).short_name,
        "key": outside("user", actor.user_id)[:12],
    }


def _menu(request: SeenRequest) -> list[dict]:
    tallies, here = _tallies(request), request.get_full_path()
    mine = [place for place in MENU if may(request.actor, place.action).ok]
    return [
        {
            "label": place.label,
            "url": _address(place),
            "icon": place.icon,
            "tally": tallies.get(place.icon),
            "is_hot": place.icon == "alert",
            "is_here": _address(place) == (here if place.query or "kind=alert" in here else request.path),
        }
        for place in mine
    ]


def _tallies(request: SeenRequest) -> dict[str, int]:
    """What waits behind each entry, by its icon."""
    found: dict[str, int] = {}
    if may(request.actor, "task.work").ok:
        counts = worklist.counts(viewer=request.actor, now=request.now)
        found |= {"today": counts.today, "alert": counts.alerts}
    if may(request.actor, "intake.manage").ok:
        stuck = intake.counts(viewer=request.actor)
        found["inbox"] = sum(n for (state, _reason), n in stuck.items() if state == "quarantined")
    return found


def _address(place: Place) -> str:
    return reverse(place.route) + place.query
