from django.apps import AppConfig


class DeliveryConfig(AppConfig):
    name = "menhu.delivery"
    label = "delivery"
    verbose_name = "静态发布"
