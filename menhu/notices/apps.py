from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NoticesConfig(AppConfig):
    name = "menhu.notices"
    label = "notices"
    verbose_name = "通知"

    def ready(self) -> None:
        from menhu.accounts import codes
        from menhu.accounts.citizens import register_data
        from menhu.audit.verbs import name_verbs
        from menhu.core.figures import declare
        from menhu.core.models import Confidence
        from menhu.core.office import UrlClass, allow
        from menhu.notices import citizens, jobs  # noqa: F401 - jobs register themselves with the clock

        codes.deliver_by(citizens.send_code)
        register_data("messages", citizens.export_messages, citizens.erase_messages)
        allow(UrlClass.SIGNED_IN, "notices:list", "notices:read_all")
        allow(UrlClass.OBJECT, "notices:open")
        allow(UrlClass.WEBMASTER, "notices:messages", "notices:send_again")
        name_verbs({"notices.try_again": _("重新发送消息")})
        declare("notices.message_days", "外发消息内容保留", 30, "天", "本平台默认", Confidence.HOUSE)
