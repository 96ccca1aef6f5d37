"""Addresses (网址): one line per door."""

from django.conf import settings
from django.urls import include, path

from xinqiao.config import health

handler400 = "xinqiao.config.refusals.bad_request"
handler403 = "xinqiao.config.refusals.forbidden"
handler404 = "xinqiao.config.refusals.not_found"
handler500 = "xinqiao.config.refusals.server_error"

urlpatterns = [
    path("healthz", health.healthz),
    path("readyz", health.readyz),
    path("metrics", health.metrics),
    path("", include("xinqiao.gateways.callbacks.urls")),
    path("", include("xinqiao.portals.public.urls")),
    path("", include("xinqiao.portals.patient.urls")),
    path("", include("xinqiao.portals.staff.urls")),
    path("manager", include("xinqiao.portals.manager.urls")),
]

if settings.DEMO:
    urlpatterns.insert(0, path("", include("xinqiao.config.demo.stage")))
