from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "menhu.desk"
    label = "desk"
    verbose_name = "工作台"
