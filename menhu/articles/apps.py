from django.apps import AppConfig


class ArticlesConfig(AppConfig):
    name = "menhu.articles"
    label = "articles"
    verbose_name = "文章"

    def ready(self) -> None:
        """Hand the articles to those below who know none: Wagtail's model methods, rights, review."""
        from wagtail.permissions import register_permission_policy

        from menhu.articles import actions
        from menhu.articles.actions import finding
        from menhu.articles.actions.subject import ArticleSubject
        from menhu.articles.models import Article, MoveInBatch, MoveInItem, Placement
        from menhu.articles.policies import ARTICLE_POLICY, MOVE_IN_BATCH_POLICY, MOVE_IN_ITEM_POLICY
        from menhu.review import subjects
        from menhu.search import types
        from menhu.sites import occupancy

        Article.verbs = actions
        register_permission_policy(Article, ARTICLE_POLICY)
        register_permission_policy(MoveInBatch, MOVE_IN_BATCH_POLICY)
        register_permission_policy(MoveInItem, MOVE_IN_ITEM_POLICY)
        types.register(finding.kind())
        subjects.register(Article, ArticleSubject())
        occupancy.register(lambda column: Placement.objects.listed().filter(column=column).count())
        _open_gate()
        _register_sources()


def _register_sources() -> None:
    from menhu.articles.files_source import PublishedFiles
    from menhu.articles.public.sources import register_all
    from menhu.delivery.sources import register

    register(PublishedFiles())
    register_all()


def _open_gate() -> None:
    from menhu.core.office import UrlClass, allow

    of_one = (
        "show edit history compare preview submit recall unschedule withdraw restore retract discard placements place"
    )
    allow(UrlClass.OWN, *(f"articles:{name}" for name in ("list", "add", "docx", "columns", "proposals")))
    allow(UrlClass.OBJECT, *(f"articles:{name}" for name in (*of_one.split(), "decide")))
    allow(UrlClass.OWN, "articles:movein")
    allow(UrlClass.OBJECT, "articles:movein_batch", "articles:movein_item", "articles:movein_decide")
