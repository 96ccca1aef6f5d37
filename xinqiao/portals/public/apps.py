"""Pages before the door (公共页)."""

from django.apps import AppConfig


class PublicConfig(AppConfig):
    name = "xinqiao.portals.public"
    label = "public"
    verbose_name = "公共"
