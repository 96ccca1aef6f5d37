"""The manager's pages (管理页)."""

from django.apps import AppConfig


class ManagerConfig(AppConfig):
    name = "xinqiao.portals.manager"
    label = "manager"
    verbose_name = "管理"
