"""Who may pass which door (入口权限): one decorator, read by the matrix test."""

from collections.abc import Callable
from functools import wraps
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme

from xinqiao.accounts.queries import require
from xinqiao.kit.errors import NotAllowed
from xinqiao.kit.requests import SeenRequest

LOCKED = "X-Xinqiao-Locked"  # tells an open page to go to the door as a whole, never into a panel
MUST_CHANGE = "must_change"  # in the session of whoever came in with a password to be changed
View = Callable[..., HttpResponse]


class NoPost(NotAllowed):
    """您现在没有在任的岗位，请联系系统管理员。"""


class NoPage(NotAllowed):
    """这个版本里还没有您的岗位使用的页面，请联系信息科。"""


def needs(action: str, *, door_of: str = "login") -> Callable[[View], View]:
    """This function will let a view be reached only by whoever may do `action` (入口权限).

    Nobody signed in goes to the door (`door_of`) and comes back afterwards; a locked stay goes to the lock.
    """

    def guard(view: View) -> View:
        @wraps(view)
        def door(request: SeenRequest, **given: object) -> HttpResponse:
            stay = request.stay
            if stay is None or stay.state != "open":
                return to_door(request, "locked" if stay else door_of)
            if request.actor.user_id is None:
                raise NoPost
            if request.session.get(MUST_CHANGE):
                return redirect(f"/login/password?{urlencode({'next': _page_of(request)})}")
            require(request.actor, action)
            return view(request, **given)

        vars(door)["needs"] = action
        return door

    return guard


def opens_to_all(view: View) -> View:
    """This function will mark a view that anybody may reach, signed in or not (公开入口)."""
    vars(view)["needs"] = ""
    return view


def to_door(request: SeenRequest, door: str) -> HttpResponse:
    """This function will send somebody to a door, to come back to the page he was on (转到登录)."""
    response = redirect(f"/{door}?{urlencode({'next': _page_of(request)})}")
    response[LOCKED] = door
    return response


def back_to(request: SeenRequest, otherwise: str = "/") -> str:
    """This function will say where to go on from the door: an address of ours, or the first page (返回地址)."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if ours else otherwise


def _page_of(request: SeenRequest) -> str:
    """The page in the browser's bar, which a fragment or a form is not."""
    if request.htmx:
        return request.htmx.current_url_abs_path or "/"
    return request.get_full_path() if request.method == "GET" else "/"
