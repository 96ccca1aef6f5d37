from django.apps import AppConfig


class MessagingConfig(AppConfig):
    name = "xinqiao.messaging"
    label = "messaging"
