"""What the steps of signing in share (登录过程): who is half-way in, from which device, and the fields asked."""

from datetime import datetime, timedelta
from urllib.parse import urlencode
from uuid import UUID

import segno
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from xinqiao.accounts.operations import open_session
from xinqiao.accounts.rules import PENDING_KEY, SESSION_KEY
from xinqiao.kit.clock import real_now
from xinqiao.kit.ids import RANDOM
from xinqiao.kit.requests import SeenRequest
from xinqiao.portals.ui.doors import MUST_CHANGE, back_to
from xinqiao.portals.ui.fields import Field

PATIENT_HOME = "/me"
DEVICE, DEVICE_AGE = "device", 400 * 24 * 3600
HALF_WAY = timedelta(minutes=5)


def trying(request: SeenRequest) -> dict:
    """This function will say where an attempt comes from, as every step is told (来源)."""
    return {
        "address": request.address,
        "device": _device(request),
        "by": request.actor,
        "now": real_now(),
    }


def wait_for_code(request: SeenRequest, user_id: UUID) -> None:
    """This function will keep who has passed the first step, for five minutes (等待第二步)."""
    request.session[PENDING_KEY] = [str(user_id), real_now().isoformat()]


def waiting_user(request: SeenRequest) -> UUID | None:
    """This function will say who has passed the first step and is still in time (待验证账号)."""
    user_id, since = request.session.get(PENDING_KEY) or (None, None)
    in_time = since and real_now() - datetime.fromisoformat(since) < HALF_WAY
    return UUID(user_id) if in_time else None


def let_in(request: SeenRequest, user_id: UUID, *, must_change: bool) -> None:
    """This function will open the stay, under a new cookie (进入)."""
    session_id = open_session(user_id=user_id, **trying(request))
    request.session.pop(PENDING_KEY, None)
    request.session.cycle_key()
    request.session[SESSION_KEY] = str(session_id)
    if must_change:
        request.session[MUST_CHANGE] = True


def remember_device(request: SeenRequest, response: HttpResponse) -> HttpResponse:
    """This function will leave a word in the browser by which its owner is told from strangers (设备标记)."""
    if not _device(request):
        response.set_cookie(
            DEVICE, f"{RANDOM.getrandbits(128):032x}", max_age=DEVICE_AGE, httponly=True, samesite="Lax",
            secure=request.is_secure(),
        )  # fmt: skip
    return response


def next_of(request: SeenRequest) -> str:
    """This function will carry on where the person wants to go afterwards, as a query (后续地址)."""
    return urlencode({"next": back_to(request)})


def reverse_with_next(request: SeenRequest, route: str) -> str:
    """This function will give the address of the next step, carrying where to go afterwards (下一步地址)."""
    return f"{reverse(route)}?{next_of(request)}"


def draw_qr(uri: str) -> str:
    """This function will draw an address as a picture for an authenticator app, whole in one data URI (二维码)."""
    return segno.make(uri, error="m").svg_data_uri(scale=4, border=2)


def name_field(request: SeenRequest) -> Field:
    """This function will ask for the login name (工号)."""
    given = request.POST.get("name", "")[:64]
    return Field("name", _("工号"), given, required=True, autocomplete="username", maxlength=64)


def password_field(*, required: bool = True) -> Field:
    """This function will ask for the password (密码)."""
    return Field("password", _("密码"), type="password", required=required, autocomplete="current-password")


def old_field() -> Field:
    """This function will ask for the password that is to be replaced (现在的密码)."""
    return Field("old", _("现在的密码"), type="password", required=True, autocomplete="current-password")


def new_field() -> Field:
    """This function will ask for the new password (新密码)."""
    return Field("new", _("新密码"), type="password", required=True, autocomplete="new-password")


def code_field(label: str = "") -> Field:
    """This function will ask for the code of the second factor (动态口令)."""
    return Field(
        "code", label or _("6位动态口令"), required=not label, autocomplete="one-time-code", maxlength=6
    )


def _device(request: SeenRequest) -> str:
    return request.COOKIES.get(DEVICE, "")[:64]
