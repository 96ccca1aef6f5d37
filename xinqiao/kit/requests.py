"""A request as it reaches a view (请求), with what the shell around every request has put on it."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest

from xinqiao.kit.actor import Actor


class SeenRequest(HttpRequest):
    """A request of which it is known who looks, and when (请求).

    `now` is the business time; `stay` is `accounts.queries.Stay` or None; `htmx` is what django-htmx says of it.
    """

    incident: str
    address: str
    actor: Actor
    now: datetime
    stay: Any
    htmx: Any
    has_failed: bool
