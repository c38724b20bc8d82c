from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "menhu.demo"
    label = "demo"
    verbose_name = "演示"
