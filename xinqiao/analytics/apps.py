from django.apps import AppConfig


class Analytics(AppConfig):
    name = "xinqiao.analytics"
    label = "analytics"
