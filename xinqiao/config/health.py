"""Is it alive, is it ready, how is it doing (健康检查与指标): for this machine only.

Behind a proxy on the same machine every request comes from loopback, so one that was forwarded is refused too.
"""

import time
from collections.abc import Callable, Iterator
from functools import wraps

from django.db import DatabaseError, connection
from django.http import Http404, HttpRequest, HttpResponse
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily

from xinqiao.kit import events
from xinqiao.kit.clock import now
from xinqiao.kit.crypto import home

QUIET = 30.0  # seconds without a sign of life after which the worker counts as down
LOOPBACK = ("127.0.0.1", "::1")


def loopback_only(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """This function will hide a page from everybody but this machine (仅限本机)."""

    @wraps(view)
    def guarded(request: HttpRequest, **given: str) -> HttpResponse:
        if request.META.get("REMOTE_ADDR") not in LOOPBACK or "HTTP_X_FORWARDED_FOR" in request.META:
            raise Http404
        return view(request, **given)

    return guarded


@loopback_only
def healthz(request: HttpRequest) -> HttpResponse:
    """This function will say that this process answers (存活)."""
    return HttpResponse("ok\n", content_type="text/plain")


@loopback_only
def readyz(request: HttpRequest) -> HttpResponse:
    """This function will say what is not ready, one line each, with 503; or "ok" (就绪)."""
    faults = list(_faults())
    return HttpResponse(
        "\n".join(faults or ["ok"]) + "\n", status=503 if faults else 200, content_type="text/plain"
    )


@loopback_only
def metrics(request: HttpRequest) -> HttpResponse:
    """This function will give the gauges of this installation in Prometheus' text form (指标)."""
    registry = CollectorRegistry()
    registry.register(Gauges())
    return HttpResponse(generate_latest(registry), content_type="text/plain; version=0.0.4; charset=utf-8")


class Gauges:
    """Numbers read from the database at each look: no patient, no name in any label (采集器)."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """This function will yield each gauge (采集)."""
        due, failing = events.backlog(now=now())
        yield GaugeMetricFamily("xinqiao_outbox_due", "events waiting for their reactions", value=due)
        yield GaugeMetricFamily(
            "xinqiao_outbox_failing", "events whose reactions failed at least once", value=failing
        )
        yield GaugeMetricFamily(
            "xinqiao_worker_quiet_seconds", "since the worker's last sign of life", value=worker_quiet()
        )


def worker_quiet() -> float:
    """This function will say for how many seconds the worker gave no sign of life (后台静默秒数)."""
    alive = home() / "worker.alive"
    return time.time() - alive.stat().st_mtime if alive.exists() else float("inf")


def _faults() -> Iterator[str]:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        yield "数据库没有应答"
        return
    if worker_quiet() > QUIET:
        yield "后台进程没有心跳"
