from django.apps import AppConfig


class KitConfig(AppConfig):
    name = "xinqiao.kit"
    label = "kit"
