from django.apps import AppConfig


class Worklist(AppConfig):
    name = "xinqiao.worklist"
    label = "worklist"
