"""The workbench (工作台)."""

from django.apps import AppConfig


class StaffConfig(AppConfig):
    name = "xinqiao.portals.staff"
    label = "staff"
    verbose_name = "工作台"
