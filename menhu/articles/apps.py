from django.apps import AppConfig


class ArticlesConfig(AppConfig):
    name = "menhu.articles"
    label = "articles"
    verbose_name = "文章"
