"""One bounded HTTP call to the provider, and how far it got (网络调用)."""

import http.client
import json
import socket
import ssl
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Timer
from urllib.parse import urlencode, urlsplit

LARGEST = 1 << 20
FORM = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}


class NotReached(Exception):
    """没有连上服务商，请求肯定没有发出。"""


class AnswerLost(Exception):
    """请求已发出，但没有收到可用的答复。"""


@dataclass(frozen=True)
class Answer:
    """What came back (答复)."""

    status: int
    document: dict
    retry_after: float


def call(endpoint: str, parameters: Mapping[str, str], timeout: float, guard: Callable[[], None]) -> Answer:
    """Post a form and read a JSON object, within about twice the time-out however slowly bytes drip (调用).

    Raises NotReached before the request was written, AnswerLost after.
    """
    connection = _connection(endpoint, timeout)
    try:
        try:
            connection.connect()
        except OSError as problem:
            raise NotReached(type(problem).__name__) from None
        guard()
        with _bounded(connection, timeout):
            return _exchange(connection, urlsplit(endpoint).path or "/", parameters)
    finally:
        connection.close()


def _exchange(connection: http.client.HTTPConnection, path: str, parameters: Mapping[str, str]) -> Answer:
    try:
        connection.request("POST", path, urlencode(parameters), FORM)
        response = connection.getresponse()
        document = json.loads(response.read(LARGEST))
    except (OSError, http.client.HTTPException, ValueError, AttributeError) as problem:
        raise AnswerLost(type(problem).__name__) from None
    if not isinstance(document, dict):
        raise AnswerLost("not an object")
    return Answer(response.status, document, _seconds(response.getheader("Retry-After")))


def _connection(endpoint: str, timeout: float) -> http.client.HTTPConnection:
    url = urlsplit(endpoint)
    if url.scheme == "https":
        context = ssl.create_default_context()
        return http.client.HTTPSConnection(url.hostname or "", url.port, timeout=timeout, context=context)
    return http.client.HTTPConnection(url.hostname or "", url.port, timeout=timeout)


@contextmanager
def _bounded(connection: http.client.HTTPConnection, timeout: float) -> Iterator[None]:
    """A time-out counts from the last byte; the timer ends an exchange that never ends."""
    opened = connection.sock

    def cut() -> None:
        try:
            opened.shutdown(socket.SHUT_RDWR)
        except OSError:
            return  # it has just ended by itself

    timer = Timer(2 * timeout, cut)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _seconds(text: str | None) -> float:
    return float(text) if text and text.isdigit() else 0.0
