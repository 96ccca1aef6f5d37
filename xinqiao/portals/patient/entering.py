"""Coming in with a phone number and a code, and leaving (验证码登录、退出)."""

import base64
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from xinqiao.accounts import operations as accounts
from xinqiao.accounts.rules import PATIENT_KEY, SESSION_KEY
from xinqiao.kit.actor import system
from xinqiao.kit.clock import real_now
from xinqiao.kit.crypto import open_with, seal_with, secret
from xinqiao.kit.ids import outside
from xinqiao.kit.requests import SeenRequest
from xinqiao.patients.operations import enter_by_phone
from xinqiao.portals.patient.framing import draw
from xinqiao.portals.patient.sites import get_site
from xinqiao.portals.ui.devices import device_of, remember_device
from xinqiao.portals.ui.doors import back_to, opens_to_all
from xinqiao.portals.ui.fields import Field, summary
from xinqiao.portals.ui.wording import mask_phone

ASKED = "asked"  # in the session: the number that waits for its code, sealed
both = require_http_methods(["GET", "HEAD", "POST"])


@opens_to_all
@both
def phone(request: SeenRequest) -> HttpResponse:
    """This function will ask for the phone number, and send it a code (获取验证码)."""
    site = get_site(request)
    if request.method == "POST":
        return _send(request, site.id, request.POST.get("phone", "")[:32])
    return remember_device(request, _phone_page(request, Field("phone", _("手机号"))))


@opens_to_all
@both
def code(request: SeenRequest) -> HttpResponse:
    """This function will let in whoever gives the right code (核验验证码)."""
    site, number = get_site(request), _asked(request)
    if not number:
        return _on(request, "patient:login")
    if request.method != "POST":
        return _code_page(request, number)
    entered = enter_by_phone(
        organisation_id=site.id, phone=number, code=request.POST.get("code", "")[:12], began_at=real_now(),
        **_trying(request, site.id),
    )  # fmt: skip
    if not entered.ok:
        return _code_page(request, number, entered.message, status=422)
    request.session.flush()
    request.session[SESSION_KEY] = str(entered.session_id)
    if len(entered.patients) == 1:
        request.session[PATIENT_KEY] = outside("patient", entered.patients[0])
    return redirect(back_to(request, reverse("patient:home")))


@opens_to_all
@require_POST
def resend(request: SeenRequest) -> HttpResponse:
    """This function will send a new code to the same number (重新发送)."""
    site, number = get_site(request), _asked(request)
    return _send(request, site.id, number) if number else _on(request, "patient:login")


@opens_to_all
@require_POST
def logout(request: SeenRequest) -> HttpResponse:
    """This function will end the stay of a phone here and on the server (退出登录)."""
    if request.stay is not None:
        accounts.end_session(session_id=request.stay.id, by=request.actor, now=real_now())
    request.session.flush()
    return redirect("patient:login")


def _send(request: SeenRequest, organisation_id, number: str) -> HttpResponse:
    """The same answer for a number that is known and one that is not."""
    outcome = accounts.request_login_code(
        organisation_id=organisation_id, phone=number, **_trying(request, organisation_id)
    )
    if outcome.ok:
        _ask(request, number)
        return remember_device(request, _on(request, "patient:code"))
    status = 429 if outcome.retry_at else 422
    if _asked(request) == number:
        return _code_page(request, number, notice=outcome.message, status=status)
    return _phone_page(request, Field("phone", _("手机号"), number, [outcome.message]), status=status)


def _phone_page(request: SeenRequest, field: Field, status: int = 200) -> HttpResponse:
    field.type, field.required, field.autocomplete = "tel", True, "tel"
    told = {"step": "phone", "phone": field, "action_url": _here(request, "patient:login")}
    return draw(request, "patient/login.html", told | {"errors": summary([field])}, status=status)


def _code_page(
    request: SeenRequest, number: str, said: str = "", *, notice: str = "", status: int = 200
) -> HttpResponse:
    field = Field("code", _("6位验证码"), errors=[said] if said else [], required=True, maxlength=6)
    told = {
        "step": "code",
        "code": field,
        "errors": summary([field]),
        "sent_to": mask_phone(number),
        "notice": notice,
        "action_url": _here(request, "patient:code"),
        "resend_url": _here(request, "patient:resend"),
        "back_url": _here(request, "patient:login"),
    }
    return draw(request, "patient/login.html", told, status=status)


def _trying(request: SeenRequest, organisation_id) -> dict:
    """Where an attempt comes from; codes go by the business time, because messages do."""
    by = system("patients.door", organisation_id, address=request.address)
    return {"address": request.address, "device": device_of(request), "by": by, "now": request.now}


def _ask(request: SeenRequest, number: str) -> None:
    sealed = seal_with(secret("portals.patient"), number.encode(), ASKED)
    request.session[ASKED] = base64.b64encode(sealed).decode()


def _asked(request: SeenRequest) -> str:
    sealed = request.session.get(ASKED)
    return open_with(secret("portals.patient"), base64.b64decode(sealed), ASKED).decode() if sealed else ""


def _on(request: SeenRequest, route: str) -> HttpResponse:
    return redirect(_here(request, route))


def _here(request: SeenRequest, route: str) -> str:
    wanted = back_to(request, "")
    return reverse(route) + (f"?{urlencode({'next': wanted})}" if wanted else "")
