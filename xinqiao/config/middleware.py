"""What surrounds every request (请求的外壳): its incident number, its viewer, its one transaction."""

from collections.abc import Callable
from uuid import UUID

from django.conf import settings
from django.db import InterfaceError, OperationalError, transaction
from django.http import HttpResponse
from django.utils.translation import override

from xinqiao.accounts.operations import touch_session
from xinqiao.accounts.queries import Stay, find_session
from xinqiao.accounts.rules import ANONYMOUS, PATIENT_KEY, SESSION_KEY
from xinqiao.config.refusals import page, refusal
from xinqiao.directory.queries import actor_of
from xinqiao.kit.actor import Actor, system
from xinqiao.kit.clock import now, real_now
from xinqiao.kit.ids import RANDOM, inside
from xinqiao.kit.requests import SeenRequest
from xinqiao.kit.rls import seen_by

PLAIN = ("/healthz", "/readyz", "/metrics")  # answered without a viewer, and while the database is away
LOOPBACK = ("127.0.0.1", "::1")
POLL = "X-Xinqiao-Poll"  # a page that refreshes itself is nobody at work
LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"


Handler = Callable[[SeenRequest], HttpResponse]


class IncidentMiddleware:
    """It gives each request a number one can say on the telephone, and turns refusals into pages (事件编号)."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: SeenRequest) -> HttpResponse:
        word = "".join(RANDOM.choices(LETTERS, k=8))
        request.incident = f"{word[:4]}-{word[4:]}"
        response = self.get_response(request)
        response["X-Incident"] = request.incident
        return response

    def process_exception(self, request: SeenRequest, problem: Exception) -> HttpResponse:
        return refusal(request, problem)


class LanguageMiddleware:
    """Chinese, unless this person has chosen another language: what the browser prefers decides nothing (界面语言)."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: SeenRequest) -> HttpResponse:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        language = chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        request.LANGUAGE_CODE = language
        with override(language):
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response


class ViewerMiddleware:
    """It says who looks, as `request.actor`, and runs the request whole in one transaction seen by him (访问者).

    `request.now` is the business time, `request.stay` the session or None. A locked stay looks as nobody does,
    until it is unlocked. A view that raises, or answers with 5xx, leaves nothing behind.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: SeenRequest) -> HttpResponse:
        request.now, request.stay, request.has_failed = now(), None, False
        request.address = _address(request)
        request.actor = system(ANONYMOUS, address=request.address)
        if request.path in PLAIN:
            return self.get_response(request)
        try:
            request.stay = _stay(request)
            request.actor = _actor(request) or request.actor
            with seen_by(request.actor, request.now):
                response = self.get_response(request)
                if request.has_failed or response.status_code >= 500:
                    transaction.set_rollback(True)
                return response
        except (OperationalError, InterfaceError):
            return page(request, 503)

    def process_exception(self, request: SeenRequest, problem: Exception) -> None:
        request.has_failed = True


def _address(request: SeenRequest) -> str:
    """Whence the request came: behind our own proxy, as the proxy saw it, which is the last address it wrote."""
    direct = request.META.get("REMOTE_ADDR", "")
    told = request.headers.get("X-Forwarded-For", "") if settings.BEHIND_TLS and direct in LOOPBACK else ""
    return told.rpartition(",")[2].strip() or direct


def _stay(request: SeenRequest) -> Stay | None:
    """The session that this request's cookie speaks of, unless it was ended on the server."""
    word = request.session.get(SESSION_KEY)
    if not word:
        return None
    instant = real_now()
    stay = find_session(UUID(word), viewer=request.actor, now=instant)
    if stay is None or stay.state == "ended":
        request.session.flush()
        return None
    if stay.state == "open" and stay.is_stale and POLL not in request.headers:
        touch_session(session_id=stay.id, by=request.actor, now=instant)
    return stay


def _actor(request: SeenRequest) -> Actor | None:
    stay = request.stay
    if stay is None or stay.state != "open":
        return None
    if stay.kind == "staff":
        return _in_post(request, stay, stay.post_id) or _in_post(request, stay, None)
    return Actor(
        kind="patient",
        organisation_id=stay.organisation_id,
        user_id=stay.user_id,
        roles=frozenset(["patient"]),
        on_behalf_of=inside("patient", request.session.get(PATIENT_KEY, "")),
        session=str(stay.id),
        address=request.address,
    )


def _in_post(request: SeenRequest, stay: Stay, post_id: UUID | None) -> Actor | None:
    return actor_of(
        stay.user_id, now=request.now, post_id=post_id, session=str(stay.id), address=request.address
    )
