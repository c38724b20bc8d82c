from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "menhu.notices"
    label = "notices"
    verbose_name = "通知"
