from django.apps import AppConfig


class DirectoryConfig(AppConfig):
    name = "xinqiao.directory"
    label = "directory"
