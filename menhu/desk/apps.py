from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "menhu.desk"
    label = "desk"
    verbose_name = "工作台"

    def ready(self) -> None:
        from menhu.core import office
        from menhu.core.figures import declare
        from menhu.core.models import Confidence
        from menhu.desk.alarms import tell_webmasters
        from menhu.files import alarms

        office.allow(office.UrlClass.SIGNED_IN, "desk")
        office.allow(office.UrlClass.PUBLIC, "office_javascript_catalog")  # words only; asked for before sign-in too
        alarms.listen(tell_webmasters)
        declare(
            "desk.stale_warning_share",
            "栏目更新提醒比例",
            70,
            "%",
            "更新时限过去七成即提醒（设计约定）",
            Confidence.HOUSE,
        )
