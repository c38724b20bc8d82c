from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "menhu.audit"
    label = "audit"
    verbose_name = "审计"

    def ready(self) -> None:
        from menhu.audit import checks  # noqa: F401 - registers itself
