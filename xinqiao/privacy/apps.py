from django.apps import AppConfig


class PrivacyConfig(AppConfig):
    name = "xinqiao.privacy"
    label = "privacy"
