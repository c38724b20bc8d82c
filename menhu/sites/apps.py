from django.apps import AppConfig


class SitesConfig(AppConfig):
    name = "menhu.sites"
    label = "sites"
    verbose_name = "网站与栏目"
