from django.apps import AppConfig


class Care(AppConfig):
    name = "xinqiao.care"
    label = "care"
