from django.db import models
from django.utils.translation import gettext_lazy as _


class Day(models.Model):
    """One day of the working calendar: weekends, holidays and make-up days are all rows."""

    date = models.DateField(_("日期"), unique=True)
    is_working = models.BooleanField(_("上班"))
    note = models.CharField(_("说明"), max_length=60, blank=True)
    source = models.CharField(_("依据"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("日历")
        verbose_name_plural = _("日历")

    def __str__(self) -> str:
        return f"{self.date} {_('上班') if self.is_working else _('休息')}"


class Lease(models.Model):
    """The right to tick the clock: one of many nodes holds it until it lapses."""

    name = models.CharField(_("名称"), max_length=60, unique=True)
    holder = models.CharField(_("持有者"), max_length=120)
    until = models.DateTimeField(_("有效至"))

    class Meta:
        verbose_name = _("租约")
        verbose_name_plural = _("租约")

    def __str__(self) -> str:
        return f"{self.name} {self.holder}"
