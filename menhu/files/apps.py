from django.apps import AppConfig
from django.conf import settings


class FilesConfig(AppConfig):
    name = "menhu.files"
    label = "files"
    verbose_name = "文件"

    def ready(self) -> None:
        from django.utils.translation import gettext_lazy as _
        from wagtail.permissions import register_permission_policy

        from menhu.audit.verbs import name_verbs
        from menhu.core.office import UrlClass, allow
        from menhu.files import jobs  # noqa: F401 - jobs register themselves with the clock
        from menhu.files.models import StoredFile
        from menhu.files.policies import stored_file_policy

        register_permission_policy(StoredFile, stored_file_policy)
        allow(UrlClass.OWN, "files:list", "files:add", "files:upload", "files:choose")
        allow(UrlClass.OBJECT, "files:thumbnail")
        name_verbs(
            {
                "files.upload": _("上传文件"),
                "files.remove": _("删除来件附件"),
                "files.infected": _("来件附件发现病毒"),
            }
        )
        _declare_figures()


def _declare_figures() -> None:
    from menhu.core.figures import declare
    from menhu.core.models import Confidence

    house = ("本平台默认", Confidence.HOUSE)
    declare("files.limit_mb", "上传文件大小上限", settings.UPLOAD_LIMIT_BYTES // 1024 // 1024, "MB", *house)
    declare("files.image_side", "图片保存的最长边", 2560, "像素", *house)
    declare("files.image_megapixels", "上传图片的像素上限", 50, "百万像素", *house)
    declare("files.case_limit_mb", "来件附件大小上限", 10, "MB", *house)
    declare("files.scan_alarm_hours", "查毒未完成多久告知网站管理员", 2, "小时", *house)
