"""Pages that say no (拒绝页): what happened, what it means, what to do, and the number to tell IT."""

import logging
import traceback

from django.core.exceptions import ImproperlyConfigured, PermissionDenied, SuspiciousOperation
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string

from xinqiao.kit.errors import NotAllowed, NotFound, Refused

log = logging.getLogger("xinqiao.requests")
FRAMES = 6

STATUS: tuple[tuple[type[Exception], int], ...] = (
    (NotFound, 404),
    (Http404, 404),
    (NotAllowed, 403),
    (PermissionDenied, 403),
    (SuspiciousOperation, 400),
    (Refused, 409),
    (OperationalError, 503),
    (InterfaceError, 503),
)


def refusal(request: HttpRequest, problem: Exception) -> HttpResponse:
    """This function will turn an exception into its page; what is our fault is logged with its number (拒绝)."""
    status = next((status for kind, status in STATUS if isinstance(problem, kind)), 500)
    if status >= 500:
        _log(request, problem)
    said = problem.message if isinstance(problem, Refused) and type(problem) is not NotFound else ""
    return page(request, status, said)


def page(request: HttpRequest, status: int, said: str = "") -> HttpResponse:
    """This function will render the page of a status without asking the database for anything (拒绝页)."""
    told = {"incident": getattr(request, "incident", ""), "said": said}
    try:
        return HttpResponse(render_to_string(f"{status}.html", told), status=status)
    except ImproperlyConfigured as unbuilt:  # the front end is not built: words still are
        log.warning("error page without its looks", extra={"error": type(unbuilt).__name__})
        words = [said or f"这一步没有完成（{status}）。", f"事件编号 {told['incident']}，请告诉信息科。"]
        return HttpResponse("\n".join(words), status=status, content_type="text/plain; charset=utf-8")


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """This function will answer a request that cannot be read (400)."""
    return page(request, 400)


def forbidden(request: HttpRequest, exception: Exception | None = None, reason: str = "") -> HttpResponse:
    """This function will answer a request without the right or without its form's token (403)."""
    return page(request, 403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """This function will answer an address that does not exist, as one that is not the viewer's (404)."""
    return page(request, 404)


def server_error(request: HttpRequest) -> HttpResponse:
    """This function will answer when something of ours failed outside a view (500)."""
    return page(request, 500)


def _log(request: HttpRequest, problem: Exception) -> None:
    """Class and place only: an exception's text may hold patients' data."""
    frames = traceback.extract_tb(problem.__traceback__)[-FRAMES:]
    route = request.resolver_match.route if request.resolver_match else ""
    log.error(
        "request failed",
        extra={
            "incident": getattr(request, "incident", ""),
            "error": type(problem).__name__,
            "route": route,
            "where": [f"{frame.filename.rpartition('xinqiao/')[2]}:{frame.lineno}" for frame in frames],
        },
    )
