from django.apps import AppConfig


class Questionnaires(AppConfig):
    name = "xinqiao.questionnaires"
    label = "questionnaires"
