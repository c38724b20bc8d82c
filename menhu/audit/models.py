from django.db import models
from django.utils.translation import gettext_lazy as _


class Event(models.Model):
    """One thing somebody did or saw. Append-only; the actor is kept as values, so that no account's end erases it."""

    verb = models.CharField(_("动作"), max_length=60, db_index=True)
    at = models.DateTimeField(_("时间"), db_index=True)
    actor_id = models.BigIntegerField(_("操作人编号"), null=True, blank=True, db_index=True)
    actor_name = models.CharField(_("操作人"), max_length=80, blank=True)
    actor_post = models.CharField(_("岗位"), max_length=200, blank=True)
    address = models.GenericIPAddressField(_("网络地址"), null=True, blank=True)
    object_type = models.CharField(_("对象类型"), max_length=80, blank=True)
    object_id = models.CharField(_("对象编号"), max_length=64, blank=True)
    object_label = models.CharField(_("对象"), max_length=300, blank=True)
    unit_id = models.BigIntegerField(_("单位编号"), null=True, blank=True, db_index=True)
    data = models.JSONField(_("内容"), default=dict, blank=True)

    class Meta:
        verbose_name = _("操作记录")
        verbose_name_plural = _("操作记录")
        indexes = [models.Index(fields=["object_type", "object_id", "id"], name="audit_event_object")]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M:%S} {self.actor_name} {self.verb} {self.object_label}"


class Seal(models.Model):
    """One link of the hash chain: seals the event of the same id to all events sealed before it."""

    event = models.OneToOneField(Event, on_delete=models.PROTECT, primary_key=True, related_name="seal")
    position = models.BigIntegerField(_("序号"), unique=True)
    digest = models.CharField(_("摘要"), max_length=64)

    class Meta:
        verbose_name = _("封存")
        verbose_name_plural = _("封存")

    def __str__(self) -> str:
        return f"{self.position} {self.digest}"
