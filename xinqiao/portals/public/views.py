"""The door of the staff (职工登录): password, second factor, lock, leaving; and the language for everybody."""

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import check_for_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from xinqiao.accounts import operations as accounts
from xinqiao.accounts.operations.staff import WeakPassword
from xinqiao.accounts.rules.outcomes import StepOutcome
from xinqiao.directory.queries import find_organisation_by_domain
from xinqiao.kit.clock import real_now
from xinqiao.kit.errors import NotAllowed
from xinqiao.kit.requests import SeenRequest
from xinqiao.portals.public import entering
from xinqiao.portals.ui.doors import LOCKED, MUST_CHANGE, NoPage, back_to, opens_to_all, to_door
from xinqiao.portals.ui.fields import Field, summary
from xinqiao.portals.ui.frame import first_page

YEAR = 365 * 24 * 3600
both = require_http_methods(["GET", "HEAD", "POST"])


@opens_to_all
@require_GET
def home(request: SeenRequest) -> HttpResponse:
    """This function will send everybody to his own first page; on a hospital's own host that is the patients' (首页)."""
    stay = request.stay
    if stay is None or stay.state != "open":
        if find_organisation_by_domain(request.get_host().partition(":")[0]):
            return redirect(entering.PATIENT_HOME)
        return to_door(request, "locked" if stay else "login")
    if request.session.get(MUST_CHANGE):
        return redirect("public:password")
    page = entering.PATIENT_HOME if stay.kind == "patient" else first_page(request)
    if not page:
        raise NoPage
    return redirect(page)


@opens_to_all
@both
def login(request: SeenRequest) -> HttpResponse:
    """This function will ask for login name and password (登录第一步)."""
    name, word = entering.name_field(request), entering.password_field()
    if request.method != "POST":
        return _door(request, "password", name=name, password=word)
    outcome = accounts.check_password_step(
        login=name.value, password=request.POST.get("password", ""), **entering.trying(request)
    )
    if outcome.ok and outcome.user_id:
        entering.wait_for_code(request, outcome.user_id)
        step = "public:setup" if outcome.needs_enrolment else "public:code"
        return entering.remember_device(request, redirect(entering.reverse_with_next(request, step)))
    word.errors = [outcome.message]
    return _refuse(request, "password", outcome, name=name, password=word)


@opens_to_all
@both
def code(request: SeenRequest) -> HttpResponse:
    """This function will ask for the code of the second factor, and let the person in (登录第二步)."""
    user_id = entering.waiting_user(request)
    if user_id is None:
        return to_door(request, "login")
    field = entering.code_field()
    if request.method != "POST":
        return _door(request, "totp", code=field)
    outcome = accounts.check_totp_step(
        user_id=user_id, code=request.POST.get("code", ""), **entering.trying(request)
    )
    if outcome.ok:
        entering.let_in(request, user_id, must_change=outcome.must_change)
        return redirect(back_to(request))
    field.errors = [outcome.message]
    return _refuse(request, "totp", outcome, code=field)


@opens_to_all
@both
def setup(request: SeenRequest) -> HttpResponse:
    """This function will give a person his second factor, which his first right code puts in force (绑定动态口令)."""
    user_id = entering.waiting_user(request)
    if user_id is None:
        return to_door(request, "login")
    if request.method != "POST":
        return _door(request, "setup")
    made = accounts.enrol_totp(user_id=user_id, by=request.actor, now=real_now())
    return _door(
        request, "secret", secret=made.secret, qr=entering.draw_qr(made.uri), code=entering.code_field()
    )


@opens_to_all
@both
def password(request: SeenRequest) -> HttpResponse:
    """This function will let a person change his own password (修改密码)."""
    if request.stay is None or request.stay.state != "open":
        return to_door(request, "locked" if request.stay else "login")
    if request.actor.kind != "staff":
        raise NotAllowed
    old, new = entering.old_field(), entering.new_field()
    if request.method != "POST":
        return _door(request, "change", old=old, new=new)
    try:
        outcome = accounts.change_password(
            user_id=request.actor.user_id, session_id=request.stay.id, old=request.POST.get("old", ""),
            new=request.POST.get("new", ""), address=request.address, by=request.actor, now=real_now(),
        )  # fmt: skip
    except WeakPassword as weak:
        new.errors = list(weak.facts.get("faults", [])) or [weak.message]
        return _door(request, "change", 422, old=old, new=new)
    if outcome.ok:
        request.session.pop(MUST_CHANGE, None)
        return redirect(back_to(request))
    old.errors = [outcome.message]
    return _refuse(request, "change", outcome, old=old, new=new)


@opens_to_all
@both
def locked(request: SeenRequest) -> HttpResponse:
    """This function will let the holder of a locked stay back in, by password or code (解锁)."""
    stay = request.stay
    if stay is None:
        return to_door(request, "login")
    if stay.state == "open":
        return redirect(back_to(request))
    word, field = entering.password_field(required=False), entering.code_field(_("或动态口令"))
    if request.method != "POST":
        return _door(request, "unlock", who=stay.name, password=word, code=field)
    outcome = accounts.unlock_session(
        session_id=stay.id, password=request.POST.get("password", ""), code=request.POST.get("code", ""),
        **entering.trying(request),
    )  # fmt: skip
    if outcome.ok:
        return redirect(back_to(request))
    word.errors = [outcome.message]
    return _refuse(request, "unlock", outcome, who=stay.name, password=word, code=field)


@opens_to_all
@require_POST
def lock(request: SeenRequest) -> HttpResponse:
    """This function will lock the stay at once, as one does on leaving the desk (锁屏)."""
    if request.stay is None:
        return to_door(request, "login")
    accounts.lock_session(session_id=request.stay.id, by=request.actor, now=real_now())
    return redirect(f"/locked?{entering.next_of(request)}")


@opens_to_all
@require_POST
def logout(request: SeenRequest) -> HttpResponse:
    """This function will end the stay here and on the server (退出登录)."""
    if request.stay is not None:
        accounts.end_session(session_id=request.stay.id, by=request.actor, now=real_now())
    request.session.flush()
    return redirect("public:login")


@opens_to_all
@require_POST
def language(request: SeenRequest) -> HttpResponse:
    """This function will keep the language a person chose, in a cookie (语言切换)."""
    response = redirect(back_to(request))
    chosen = request.POST.get("language", "")
    if chosen in dict(settings.LANGUAGES) and check_for_language(chosen):
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME, chosen, max_age=YEAR, samesite="Lax", secure=request.is_secure()
        )
    return response


def _refuse(request: SeenRequest, step: str, outcome: StepOutcome, **fields: object) -> HttpResponse:
    if outcome.reason == "locked":
        return _door(request, "locked", 429, until=outcome.retry_at)
    return _door(request, step, 422, **fields)


def _door(request: SeenRequest, step: str, status: int = 200, **told: object) -> HttpResponse:
    fields = [each for each in told.values() if isinstance(each, Field)]
    context = {
        "now": request.now,
        "step": step,
        "errors": summary(fields),
        "next": back_to(request, ""),
        "idle": step == "unlock" and request.method == "GET",
    }
    response = render(request, "public/login.html", context | told, status=status)
    if request.htmx:
        response[LOCKED] = step
    return response
