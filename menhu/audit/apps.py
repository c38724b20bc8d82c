from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "menhu.audit"
    label = "audit"
    verbose_name = "审计"
