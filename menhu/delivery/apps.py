from django.apps import AppConfig


class DeliveryConfig(AppConfig):
    name = "menhu.delivery"
    label = "delivery"
    verbose_name = "静态发布"

    def ready(self) -> None:
        """The app's only page kind of its own: static assets."""
        from menhu.core.office import UrlClass, allow
        from menhu.delivery.assets import AssetSource
        from menhu.delivery.sources import register

        register(AssetSource())
        allow(UrlClass.WEBMASTER, "delivery:status", "delivery:retry")
