from django.apps import AppConfig


class IntakeConfig(AppConfig):
    name = "xinqiao.intake"
    label = "intake"
