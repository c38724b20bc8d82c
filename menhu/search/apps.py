from django.apps import AppConfig
from django.db.models.signals import post_migrate


class SearchConfig(AppConfig):
    name = "menhu.search"
    label = "search"
    verbose_name = "搜索"

    def ready(self) -> None:
        """The engines' tables, the clock's job, and the webmaster's page."""
        from menhu.core.office import UrlClass, allow
        from menhu.search import jobs, tables  # noqa: F401 - jobs register themselves with the clock

        post_migrate.connect(tables.ensure, sender=self, dispatch_uid="search.tables")
        allow(UrlClass.WEBMASTER, "search_office:words")
