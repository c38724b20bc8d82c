from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from menhu.notices.querysets import NoticeQuerySet


class Notice(models.Model):
    """A message to one person, shown on their desk until read."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notices", verbose_name=_("收件人"))
    title = models.CharField(_("标题"), max_length=200)
    body = models.TextField(_("内容"), blank=True)
    link = models.CharField(_("链接"), max_length=300, blank=True)
    created_at = models.DateTimeField(_("时间"), auto_now_add=True)
    read_at = models.DateTimeField(_("阅读时间"), null=True, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("通知")
        verbose_name_plural = _("通知")
        indexes = [
            models.Index(fields=["user", "-id"], name="notices_notice_user"),
            models.Index(fields=["user"], condition=models.Q(read_at__isnull=True), name="notices_notice_unread"),
        ]

    def __str__(self) -> str:
        return self.title
