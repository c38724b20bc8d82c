from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "menhu.audit"
    label = "audit"
    verbose_name = "审计"

    def ready(self) -> None:
        from django.utils.translation import gettext_lazy as _

        from menhu.audit import checks  # noqa: F401 - registers itself
        from menhu.audit.verbs import name_verbs
        from menhu.core.office import UrlClass, allow

        allow(UrlClass.AUDITOR, "audit:events", "audit:event")
        name_verbs({"audit.purge": _("清理过期记录"), "access.refused": _("越权被拒")})
