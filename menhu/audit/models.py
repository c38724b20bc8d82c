from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from menhu.audit.querysets import AppendOnlyError, EventQuerySet


class Event(models.Model):
    """One thing somebody did or saw. Append-only; the actor is kept as values, so that no account's end erases it."""

    verb = models.CharField(_("动作"), max_length=60)
    at = models.DateTimeField(_("时间"))
    actor_id = models.BigIntegerField(_("操作人编号"), null=True, blank=True)
    actor_name = models.CharField(_("操作人"), max_length=80, blank=True)
    actor_post = models.CharField(_("岗位"), max_length=200, blank=True)
    address = models.GenericIPAddressField(_("网络地址"), null=True, blank=True)
    object_type = models.CharField(_("对象类型"), max_length=80, blank=True)
    object_id = models.CharField(_("对象编号"), max_length=64, blank=True)
    object_label = models.CharField(_("对象"), max_length=300, blank=True)
    unit_id = models.BigIntegerField(_("单位编号"), null=True, blank=True)
    data = models.JSONField(_("内容"), default=dict, blank=True)

    objects = EventQuerySet.as_manager()

    class Meta:
        verbose_name = _("操作记录")
        verbose_name_plural = _("操作记录")
        indexes = [
            models.Index(fields=["-at", "-id"], name="audit_event_newest"),
            models.Index(fields=["verb", "-at", "-id"], name="audit_event_verb"),
            models.Index(fields=["actor_name", "-at", "-id"], name="audit_event_actor_name"),
            models.Index(fields=["actor_id", "-at", "-id"], name="audit_event_actor"),
            models.Index(fields=["unit_id", "-at", "-id"], name="audit_event_unit"),
            models.Index(fields=["object_type", "object_id", "-at", "-id"], name="audit_event_object"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M:%S} {self.actor_name} {self.verb} {self.object_label}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Append the event and queue it for sealing; an event that stands is never written again."""
        if not self._state.adding:
            raise AppendOnlyError
        super().save(*args, **kwargs)
        Unsealed.objects.create(event=self)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise AppendOnlyError


class Unsealed(models.Model):
    """An event that waits for its seal. A queue of its own, because ids may be committed out of order."""

    event = models.OneToOneField(Event, models.CASCADE, primary_key=True, related_name="+", verbose_name=_("记录"))

    class Meta:
        verbose_name = _("待封存")
        verbose_name_plural = _("待封存")

    def __str__(self) -> str:
        return str(self.event_id)


class Seal(models.Model):
    """One link of the hash chain: seals an event to all events sealed before it."""

    event = models.OneToOneField(Event, models.PROTECT, primary_key=True, related_name="seal", verbose_name=_("记录"))
    position = models.BigIntegerField(_("序号"), unique=True)
    digest = models.CharField(_("摘要"), max_length=64)

    class Meta:
        verbose_name = _("封存")
        verbose_name_plural = _("封存")

    def __str__(self) -> str:
        return f"{self.position} {self.digest}"
