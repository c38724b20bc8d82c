from django.apps import AppConfig


class UnitsConfig(AppConfig):
    name = "menhu.units"
    label = "units"
    verbose_name = "单位与岗位"

    def ready(self) -> None:
        from menhu.core.office import UrlClass, guard
        from menhu.units.enums import Role
        from menhu.units.policies import holds

        guard(UrlClass.WEBMASTER, lambda user: holds(user, Role.WEBMASTER))
        guard(UrlClass.AUDITOR, lambda user: holds(user, Role.AUDITOR))
