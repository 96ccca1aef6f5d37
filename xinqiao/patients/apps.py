from django.apps import AppConfig


class PatientsConfig(AppConfig):
    name = "xinqiao.patients"
    label = "patients"
