from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "menhu.core"
    label = "core"
    verbose_name = "核心"
