from django.apps import AppConfig


class UnitsConfig(AppConfig):
    name = "menhu.units"
    label = "units"
    verbose_name = "单位与岗位"

    def ready(self) -> None:
        from django.conf import settings
        from django.utils.translation import gettext_lazy as _
        from wagtail.permissions import register_permission_policy

        from menhu.accounts.sessions import require_second_factor_of
        from menhu.audit.trail import name_posts_by
        from menhu.audit.verbs import name_verbs
        from menhu.core.office import UrlClass, allow, guard
        from menhu.units import checks, jobs  # noqa: F401 - register themselves
        from menhu.units.enums import Role
        from menhu.units.models import Leader, Post, Unit
        from menhu.units.policies import LEADERS, POSTS, UNITS, holds, post_label

        guard(UrlClass.WEBMASTER, lambda user: holds(user, Role.WEBMASTER))
        require_second_factor_of(lambda user: holds(user, *(Role(role) for role in settings.REQUIRE_SECOND_FACTOR)))
        guard(UrlClass.AUDITOR, lambda user: holds(user, Role.AUDITOR))
        register_permission_policy(Unit, UNITS)
        register_permission_policy(Leader, LEADERS)
        register_permission_policy(Post, POSTS)
        name_posts_by(post_label)
        own = ("my_units", "posts")
        allow(UrlClass.OWN, *(f"units:{name}" for name in own))
        allow(UrlClass.OBJECT, *(f"units:{name}" for name in ("filing", "deputise", "end")))
        webmaster = ("tree", "add", "edit", "close", "reopen", "transfer", "template", "export", "appoint", "people")
        person = ("add_person", "person", "reset", "disable", "enable", "unlock", "drop_device")
        allow(UrlClass.WEBMASTER, *(f"units:{name}" for name in (*webmaster, *person)))
        name_verbs(
            {
                "units.add": _("新增单位"),
                "units.change": _("修改单位"),
                "units.file": _("更新单位备案"),
                "units.deactivate": _("撤销单位"),
                "units.reactivate": _("恢复单位"),
                "units.add_leader": _("新增领导"),
                "units.change_leader": _("修改领导"),
                "units.remove_leader": _("移除领导"),
                "units.appoint": _("任用"),
                "units.deputise": _("委托代理"),
                "units.end_post": _("结束岗位"),
                "units.import": _("导入单位和岗位"),
                "units.export": _("导出单位和岗位"),
            }
        )
