from django.db import models
from django.utils.translation import gettext_lazy as _


class Confidence(models.TextChoices):
    """How well a figure of law is witnessed (docs/reference/figures.md)."""

    LAW = "law", _("法规原文")
    SEVERAL = "several", _("多处佐证")
    ONE = "one", _("一处佐证")
    UNCONFIRMED = "unconfirmed", _("未经证实")
    HOUSE = "house", _("本平台默认")


class Figure(models.Model):
    """A number that a rule depends on, with its source: editable data, never a constant in code."""

    key = models.CharField(_("代号"), max_length=80, unique=True)
    label = models.CharField(_("名称"), max_length=120)
    value = models.DecimalField(_("数值"), max_digits=14, decimal_places=4)
    unit = models.CharField(_("计量单位"), max_length=20, blank=True)
    source = models.CharField(_("依据"), max_length=300)
    confidence = models.CharField(_("可信度"), max_length=12, choices=Confidence.choices)

    class Meta:
        verbose_name = _("规则数值")
        verbose_name_plural = _("规则数值")

    def __str__(self) -> str:
        return f"{self.label} {self.value.normalize():f}{self.unit}"


class Allowance(models.Model):
    """How far one key has used up one limit (menhu.core.limits). A row of the past says no more than none at all."""

    # 128 bits of a keyed hash. No other index: an update then moves nothing on PostgreSQL, and few rows ever live.
    key = models.UUIDField(primary_key=True)
    busy_until = models.BigIntegerField(_("占用至"))  # microseconds since 1970

    class Meta:
        verbose_name = _("限次记录")
        verbose_name_plural = _("限次记录")

    def __str__(self) -> str:
        return str(self.key)
