"""The guide of the demonstration (导览台): screens side by side, stories that happen now, and a clock that can be moved.

Everything here exists in the demonstration only, and for this machine only: it opens screens without a password.
"""

import json
import urllib.error
import urllib.request
from datetime import timedelta

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_GET, require_POST

from xinqiao.accounts.operations import open_session
from xinqiao.accounts.queries import find_user
from xinqiao.accounts.rules import SESSION_KEY
from xinqiao.config.demo.happening import STORIES
from xinqiao.config.health import loopback_only
from xinqiao.kit import clock
from xinqiao.kit.actor import system
from xinqiao.kit.crypto import home
from xinqiao.kit.requests import SeenRequest

STEPS = ((3600, _("快进1小时")), (86400, _("1天")), (604800, _("1周")))
PANES = (("nurse", "chen_jing", _("护士 陈静")), ("manager", "yun_ying", _("管理者 周运营")))
PHONES = (("zhang_guoqiang", _("张国强的手机")), ("wang_fang", _("王芳的手机")))
TOLD = "told"
FRAMES = ["http://*.xinqiao.localhost:*", "http://localhost:*"]


@csp_override(settings.SECURE_CSP | {"frame-src": FRAMES})
@loopback_only
@require_GET
def guide(request: SeenRequest) -> HttpResponse:
    """This function will show the nurse's screen, two phones and the manager's number side by side (导览台)."""
    port = request.get_port()
    screens = [
        {
            "title": title,
            "url": f"http://{host}.xinqiao.localhost:{port}{reverse('demo-enter', args=[login])}",
        }
        for host, login, title in PANES
    ]
    phones = [
        {"title": title, "url": f"http://localhost:{int(port) + 3}/{key}", "is_phone": True}
        for key, title in PHONES
    ]
    context = _stories(request) | {
        "panes": [screens[0], *phones, screens[1]],
        "reset_url": reverse("demo-reset"),
        "demo": banner(request)["demo"],
        "now": request.now,
    }
    return render(request, "public/guide.html", context)


@loopback_only
@require_GET
def stories(request: SeenRequest) -> HttpResponse:
    """This function will refresh the story cards (故事卡)."""
    return render(request, "public/guide.html#stories", _stories(request))


@loopback_only
@require_POST
def run(request: SeenRequest, key: str) -> HttpResponse:
    """This function will let one story happen now: the simulated hospital sends its messages (现在发生)."""
    if key not in {story.key for story in STORIES}:
        raise Http404
    told = request.session.get(TOLD, {})
    request.session[TOLD] = told | {key: _order(f"happen/{key}", int(request.get_port()) + 3)}
    return redirect("demo-guide")


@loopback_only
@require_POST
def reset(request: SeenRequest) -> HttpResponse:
    """This function will take the stories back: the hospital cancels those visits, and the next ones are new (复位)."""
    _order("happen/reset", int(request.get_port()) + 3)
    request.session[TOLD] = {}
    return redirect("demo-guide")


@loopback_only
@require_POST
def forward(request: SeenRequest) -> HttpResponse:
    """This function will move the demonstration's clock on by an hour, a day or a week (快进)."""
    seconds = request.POST.get("by", "")
    if seconds in {str(step) for step, _label in STEPS}:
        clock.set_shift(home() / "clock.json", clock.shift() + timedelta(seconds=int(seconds)))
    return redirect(request.META.get("HTTP_REFERER") or "demo-guide")


@loopback_only
@require_GET
def enter(request: SeenRequest, login: str) -> HttpResponse:
    """This function will open one of the cast's screens without a password (直接进入)."""
    if login not in {each for _host, each, _title in PANES}:
        raise Http404
    user_id = find_user(login, viewer=system("config.demo"))
    if user_id is None:
        raise Http404
    if request.stay is None or request.stay.user_id != user_id or request.stay.state != "open":
        opened = open_session(
            user_id=user_id, address=request.address, by=system("config.demo"), now=clock.real_now()
        )
        request.session.cycle_key()
        request.session[SESSION_KEY] = str(opened)
    return redirect("manager:overview" if login == "yun_ying" else "/")


def banner(request: SeenRequest) -> dict[str, object]:
    """This function will give every page the demonstration's clock, except inside a pane (演示横幅)."""
    if not settings.DEMO or request.headers.get("Sec-Fetch-Dest") == "iframe":
        return {}
    steps = [{"value": step, "label": label} for step, label in STEPS]
    return {"demo": {"now": clock.now(), "forward_url": reverse("demo-forward"), "steps": steps}}


def _stories(request: SeenRequest) -> dict[str, object]:
    told = request.session.get(TOLD, {})
    cards = [
        {
            "title": story.title,
            "text": story.text,
            "run_url": reverse("demo-run", args=[story.key]),
            "told": told.get(story.key),
        }
        for story in STORIES
    ]
    return {"stories": cards, "stories_url": reverse("demo-stories")}


def _order(what: str, port: int) -> str:
    """Ask the simulated hospital's own process; it alone speaks on the wire."""
    asked = urllib.request.Request(f"http://127.0.0.1:{port}/{what}", method="POST", data=b"")
    try:
        with urllib.request.urlopen(asked, timeout=20) as answer:  # noqa: S310 our own process, on loopback
            return json.loads(answer.read())["told"]
    except (urllib.error.URLError, OSError):
        return str(_("仿真医院没有应答，请稍候再试"))


urlpatterns = [
    path("demo", guide, name="demo-guide"),
    path("demo/stories", stories, name="demo-stories"),
    path("demo/run/<slug:key>", run, name="demo-run"),
    path("demo/reset", reset, name="demo-reset"),
    path("demo/forward", forward, name="demo-forward"),
    path("demo/enter/<slug:login>", enter, name="demo-enter"),
]
