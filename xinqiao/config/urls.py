"""Addresses (网址): one line per door."""

from django.urls import path

from xinqiao.config import health

urlpatterns = [
    path("healthz", health.healthz),
    path("readyz", health.readyz),
    path("metrics", health.metrics),
]
