from django.db import models
from django.utils.translation import gettext_lazy as _


class Document(models.Model):
    """What a visitor may find: one row for each thing that is public now, written with the change that made it so.

    The number rises with the time of publication, so that newest first is by number, in every engine.
    """

    number = models.BigIntegerField(_("编号"), primary_key=True)
    kind = models.CharField(_("种类"), max_length=20)
    key = models.CharField(_("对象"), max_length=40)
    type = models.CharField(_("类型"), max_length=20)
    site_id = models.BigIntegerField(_("网站"))
    columns = models.JSONField(_("栏目"), default=list, blank=True)
    sites = models.JSONField(_("所在网站"), default=list, blank=True)
    title = models.CharField(_("标题"), max_length=300)
    body = models.TextField(_("正文"), blank=True)
    url = models.CharField(_("网址"), max_length=400)
    source = models.CharField(_("来源"), max_length=120, blank=True)
    note = models.CharField(_("附注"), max_length=120, blank=True)
    published_at = models.DateTimeField(_("发布时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("可检索内容")
        verbose_name_plural = _("可检索内容")
        constraints = [models.UniqueConstraint(fields=["kind", "key"], name="search_document_once")]

    def __str__(self) -> str:
        return self.title


class Renewal(models.Model):
    """Documents of one kind below a place that changed, to be given anew by their keys, and how far that has come."""

    kind = models.CharField(_("种类"), max_length=20)
    place = models.CharField(_("范围"), max_length=10)
    place_id = models.BigIntegerField(_("编号"))
    reached = models.BigIntegerField(_("已到"), default=0)

    class Meta:
        verbose_name = _("索引更新")
        verbose_name_plural = _("索引更新")

    def __str__(self) -> str:
        return f"{self.kind} {self.place} {self.place_id}"


class Unsent(models.Model):
    """A document that changed or went, of which OpenSearch has not been told: its outbox."""

    number = models.BigIntegerField(_("编号"))

    class Meta:
        verbose_name = _("待送索引")
        verbose_name_plural = _("待送索引")

    def __str__(self) -> str:
        return str(self.number)


class Synonym(models.Model):
    """Words that mean the same: who looks for one finds the others. One group a row, words divided by blanks."""

    words = models.CharField(_("同义词"), max_length=200, help_text=_("意思相同的词，用空格分开，如：医保 医疗保险"))

    class Meta:
        verbose_name = _("同义词")
        verbose_name_plural = _("同义词")

    def __str__(self) -> str:
        return self.words


class WrongWord(models.Model):
    """A word as people mistype it, and what they mean."""

    wrong = models.CharField(_("错写"), max_length=40, unique=True)
    right = models.CharField(_("正确"), max_length=40)

    class Meta:
        verbose_name = _("错别字")
        verbose_name_plural = _("错别字")

    def __str__(self) -> str:
        return f"{self.wrong} → {self.right}"


class MissedWord(models.Model):
    """A word that no document holds, and how often visitors asked for it; see `missing`."""

    word = models.CharField(_("词"), max_length=20, unique=True)
    times = models.PositiveIntegerField(_("次数"), default=0)
    last_on = models.DateField(_("最近"))

    class Meta:
        verbose_name = _("没有搜到的词")
        verbose_name_plural = _("没有搜到的词")

    def __str__(self) -> str:
        return self.word


class HotWord(models.Model):
    """A word that the search page offers, in the webmaster's order."""

    word = models.CharField(_("热词"), max_length=40, unique=True)
    sort_order = models.PositiveIntegerField(_("排序"), default=0)

    class Meta:
        verbose_name = _("热词")
        verbose_name_plural = _("热词")
        ordering = ["sort_order", "pk"]

    def __str__(self) -> str:
        return self.word
