from django.apps import AppConfig


class UnitsConfig(AppConfig):
    name = "menhu.units"
    label = "units"
    verbose_name = "单位与岗位"

    def ready(self) -> None:
        from wagtail.permissions import register_permission_policy

        from menhu.audit.trail import name_posts_by
        from menhu.core.office import UrlClass, guard
        from menhu.units import jobs  # noqa: F401 - registers with the clock
        from menhu.units.enums import Role
        from menhu.units.models import Leader, Post, Unit
        from menhu.units.policies import LEADERS, POSTS, UNITS, holds, post_label

        guard(UrlClass.WEBMASTER, lambda user: holds(user, Role.WEBMASTER))
        guard(UrlClass.AUDITOR, lambda user: holds(user, Role.AUDITOR))
        register_permission_policy(Unit, UNITS)
        register_permission_policy(Leader, LEADERS)
        register_permission_policy(Post, POSTS)
        name_posts_by(post_label)
