from django.apps import AppConfig


class RecordConfig(AppConfig):
    name = "xinqiao.record"
    label = "record"
