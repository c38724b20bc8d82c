from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "menhu.notices"
    label = "notices"
    verbose_name = "通知"

    def ready(self) -> None:
        from menhu.core.office import UrlClass, allow

        allow(UrlClass.SIGNED_IN, "notices:list", "notices:read_all")
        allow(UrlClass.OBJECT, "notices:open")
