"""The patient's pages as an application (患者端)."""

from django.apps import AppConfig


class PatientConfig(AppConfig):
    name = "xinqiao.portals.patient"
    label = "patient"
    verbose_name = "患者端"
