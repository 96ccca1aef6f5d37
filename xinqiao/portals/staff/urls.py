"""Addresses of the workbench (工作台网址)."""

from django.urls import path

from xinqiao.portals.staff import calls, composing, held, patients, today
from xinqiao.portals.ui.converters import register

register()
app_name = "staff"
urlpatterns = [
    path("today", today.page, name="today"),
    path("today/strip", today.strip, name="strip"),
    path("today/rows", today.rows, name="rows"),
    path("call/<item:item_id>", calls.page, name="call"),
    path("call/<item:item_id>/save", calls.save, name="save"),
    path("call/<item:item_id>/dial", calls.dial, name="dial"),
    path("call/<item:item_id>/acknowledge", calls.acknowledge, name="acknowledge"),
    path("call/<item:item_id>/contact", calls.contact, name="contact"),
    path("patients", patients.search, name="search"),
    path("patients/<patient:patient_id>", patients.page, name="patient"),
    path("patients/<patient:patient_id>/number", patients.number, name="number"),
    path("patients/<patient:patient_id>/task", composing.add_task, name="add_task"),
    path("patients/<patient:patient_id>/<slug:tab>", patients.page, name="tab"),
    path("held", held.page, name="held"),
    path("held/retry", held.retry_reason, name="retry_reason"),
    path("held/<message:message_id>", held.page, name="message"),
    path("held/<message:message_id>/retry", held.retry, name="retry"),
    path("held/<message:message_id>/discard", held.discard, name="discard"),
]
