"""One visual language (界面)."""

from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "xinqiao.portals.ui"
    label = "ui"
    verbose_name = "界面"
