from django.apps import AppConfig
from django.db.models.signals import post_migrate


class SitesConfig(AppConfig):
    name = "menhu.sites"
    label = "sites"
    verbose_name = "网站与栏目"

    def ready(self) -> None:
        """Rights, seeds, the clock's job, whose words are listened to, what can be found, and the public pages."""
        from menhu.search import types
        from menhu.sites import actions, jobs, seeds  # noqa: F401 - jobs register themselves with the clock
        from menhu.sites.actions import finding
        from menhu.sites.public import sources
        from menhu.units import changes

        _register_policies()
        _allow_addresses()
        post_migrate.connect(seeds.seed, sender=self, dispatch_uid="sites.seed")
        changes.listen(actions.unit_words_changed)
        for kind in finding.kinds():
            types.register(kind)
        sources.register_all()


def _register_policies() -> None:
    from wagtail.permissions import register_permission_policy

    from menhu.sites import models, policies
    from menhu.workdays.models import Day

    register_permission_policy(models.Site, policies.SITE_POLICY)
    register_permission_policy(models.Column, policies.COLUMN_POLICY)
    register_permission_policy(models.HomeBlock, policies.HOME_POLICY)
    register_permission_policy(models.ColumnRequest, policies.REQUEST_POLICY)
    for model in (models.Banner, models.ColumnKind, models.SiteTemplate, models.Redirect, Day):
        register_permission_policy(model, policies.CountyPolicy(model))


def _allow_addresses() -> None:
    from menhu.core.office import UrlClass, allow

    own = ("list", "requests")
    of_one_row = ("columns", "ask", "request", "home", "add_block", "edit_block", "act_on_block")
    keeping = (
        *("open", "plan", "settings", "add_column", "edit_column", "move_column", "remove_column"),
        *("banners", "show_banner", "switch_banner", "set_mourning"),
        *("kinds", "add_kind", "edit_kind", "templates", "add_template", "edit_template"),
    )
    allow(UrlClass.OWN, *(f"sites:{name}" for name in own))
    allow(UrlClass.OBJECT, *(f"sites:{name}" for name in of_one_row))
    allow(UrlClass.WEBMASTER, *(f"sites:{name}" for name in keeping))
