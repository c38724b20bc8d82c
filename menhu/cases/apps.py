from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class CasesConfig(AppConfig):
    name = "menhu.cases"
    label = "cases"
    verbose_name = "办件"

    def ready(self) -> None:
        from wagtail.permissions import register_permission_policy

        from menhu.audit.verbs import name_verbs
        from menhu.cases import jobs, retention, seeds  # noqa: F401 - jobs register themselves with the clock
        from menhu.cases.actions import erasing
        from menhu.cases.actions.ticking import calendar_changed
        from menhu.cases.models import Case, CaseKind, RetentionRule, RetentionRun
        from menhu.cases.policies import CasePolicy, KindPolicy, RetentionPolicy
        from menhu.core.office import UrlClass, allow
        from menhu.workdays.deadlines import on_calendar_change

        register_permission_policy(Case, CasePolicy(Case))
        register_permission_policy(CaseKind, KindPolicy(CaseKind))
        register_permission_policy(RetentionRule, RetentionPolicy(RetentionRule))
        register_permission_policy(RetentionRun, RetentionPolicy(RetentionRun))
        name_verbs(_verbs())
        on_calendar_change(calendar_changed)
        _declare_figures()
        allow(UrlClass.OWN, "cases:list", "cases:export")
        allow(UrlClass.OBJECT, "cases:file", "cases:show", "cases:reveal", "cases:sheet", "cases:step")
        allow(UrlClass.WEBMASTER, "cases:kinds", "cases:kind")
        allow(UrlClass.WEBMASTER, "cases:retention", "cases:retention_start")
        allow(UrlClass.WEBMASTER, *(f"cases:retention_{name}" for name in ("rule", "add_rule", "run", "stop")))
        for provider in erasing.OWN:
            retention.register(provider)
        post_migrate.connect(seeds.seed, sender=self, dispatch_uid="cases.seed")


def _verbs() -> dict[str, str | Promise]:
    from menhu.cases.models import CaseEvent

    named = {f"cases.{value}": label for value, label in CaseEvent.KINDS}
    ours = {
        "cases.refused": _("办件操作被拒绝"),
        "cases.look": _("查看来信人"),
        "cases.claim": _("来信放入个人账户"),
        "cases.open_file": _("查看办件附件"),
        "cases.attach_file": _("添加答复附件"),
        "cases.detach_file": _("移除答复附件"),
        "cases.export": _("导出办件"),
        "cases.change_kind": _("修改事项时限"),
        "cases.anonymise": _("隐去个人信息"),
        "cases.delete": _("按保存期限删除"),
        "cases.keep_retention_rule": _("修改保存期限"),
        "cases.start_retention": _("开始执行保存期限"),
        "cases.stop_retention": _("停止执行保存期限"),
        "cases.fail_retention": _("执行保存期限连续出错，已停止"),
    }
    return {**named, **ours}


def _declare_figures() -> None:
    from menhu.core.figures import declare
    from menhu.core.models import Confidence

    house = ("本平台默认", Confidence.HOUSE)
    declare("cases.instruct_days", "领导批示反馈时限", 5, "工作日", *house)
    declare("cases.urge_days", "催办反馈时限", 1, "工作日", *house)
    declare("cases.supervise_days", "督办反馈时限", 3, "工作日", *house)
