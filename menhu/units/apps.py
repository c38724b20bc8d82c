from django.apps import AppConfig


class UnitsConfig(AppConfig):
    name = "menhu.units"
    label = "units"
    verbose_name = "单位与岗位"
