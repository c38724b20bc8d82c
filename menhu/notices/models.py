from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from menhu.core.personal import masked_email, masked_phone
from menhu.core.sealing import SealedTextField
from menhu.notices.enums import Channel, MessageState
from menhu.notices.querysets import MessageQuerySet, NoticeQuerySet


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
            models.Index(fields=["link"], name="notices_notice_link"),
        ]

    def __str__(self) -> str:
        return self.title


class Message(models.Model):
    """A message to somebody outside: address and text are sealed, and wiped some time after it went out."""

    channel = models.CharField(_("方式"), max_length=8, choices=Channel.choices)
    recipient = SealedTextField(_("收信人"))
    recipient_digest = models.CharField(max_length=64)
    subject = SealedTextField(_("主题"))
    text = SealedTextField(_("内容"))
    reference = models.CharField(_("关联编号"), max_length=60, blank=True)
    state = models.CharField(_("状态"), max_length=12, choices=MessageState.choices, default=MessageState.WAITING)
    attempts = models.PositiveSmallIntegerField(_("已试次数"), default=0)
    next_attempt_at = models.DateTimeField(_("下次发送"))
    # Somebody waits for it, e.g. a code: sent first and at any hour, and of no use after this time.
    useful_until = models.DateTimeField(_("有用至"), null=True, blank=True)
    error = models.CharField(_("失败原因"), max_length=200, blank=True)
    created_at = models.DateTimeField(_("写入时间"), auto_now_add=True)
    sent_at = models.DateTimeField(_("发送时间"), null=True, blank=True)
    wiped_at = models.DateTimeField(_("清除时间"), null=True, blank=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("外发消息")
        verbose_name_plural = _("外发消息")
        indexes = [
            # Conditions without values: SQLite proves no other from a statement with parameters.
            models.Index(
                fields=["state", "next_attempt_at", "id"],
                condition=models.Q(useful_until__isnull=True),
                name="notices_message_due",
            ),
            models.Index(
                fields=["state", "next_attempt_at", "id"],
                condition=models.Q(useful_until__isnull=False),
                name="notices_message_awaited",
            ),
            models.Index(fields=["state", "-id"], name="notices_message_state"),
            models.Index(fields=["recipient_digest", "-id"], name="notices_message_person"),
            models.Index(fields=["state", "-attempts", "-id"], name="notices_message_delayed"),
            models.Index(fields=["reference"], name="notices_message_reference"),
            models.Index(
                fields=["created_at"], condition=models.Q(wiped_at__isnull=True), name="notices_message_unwiped"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_channel_display()} {self.reference}"

    @property
    def masked_recipient(self) -> str:
        """138****1234 or a***@example.cn; empty once it is wiped."""
        if not self.recipient:
            return ""
        return masked_email(self.recipient) if self.channel == Channel.EMAIL else masked_phone(self.recipient)
