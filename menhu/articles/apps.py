from django.apps import AppConfig


class ArticlesConfig(AppConfig):
    name = "menhu.articles"
    label = "articles"
    verbose_name = "文章"

    def ready(self) -> None:
        """Hand the articles to those below who know none: Wagtail's model methods, rights, review."""
        from wagtail.permissions import register_permission_policy

        from menhu.articles import actions
        from menhu.articles.actions.subject import ArticleSubject
        from menhu.articles.models import Article
        from menhu.articles.policies import ARTICLE_POLICY
        from menhu.review import subjects

        Article.verbs = actions
        register_permission_policy(Article, ARTICLE_POLICY)
        subjects.register(Article, ArticleSubject())
