from django.db import models
from django.utils.translation import gettext_lazy as _


class ArticleState(models.TextChoices):
    """Where an article is. Review steps carry the names of menhu.review.enums.Step."""

    DRAFT = "draft", _("草稿")
    HEAD = "head", _("单位审核")
    OFFICE = "office", _("办公室审核")
    SECRECY = "secrecy", _("保密审查")
    REJECTED = "rejected", _("退回修改")
    SCHEDULED = "scheduled", _("定时待发")
    LIVE = "live", _("已发布")
    WITHDRAWN = "withdrawn", _("已撤下")
    EXPIRED = "expired", _("已到期")
    RETRACTED = "retracted", _("已撤稿")


class Genre(models.TextChoices):
    NEWS = "news", _("动态")
    NOTICE = "notice", _("公告")
    NORMATIVE = "normative", _("规范性文件")
    INTERPRETATION = "interpretation", _("政策解读")
    PAGE = "page", _("单页")


class Validity(models.TextChoices):
    IN_FORCE = "in_force", _("现行有效")
    AMENDED = "amended", _("已修改")
    REPEALED = "repealed", _("已废止")
    LAPSED = "lapsed", _("已失效")


class PlacementState(models.TextChoices):
    """WANTED waits for publication in a column of the unit's own; PROPOSED waits for another owner's answer."""

    WANTED = "wanted", _("待发布")
    PROPOSED = "proposed", _("待采用")
    PLACED = "placed", _("已采用")
    DECLINED = "declined", _("未采用")
    REMOVED = "removed", _("已移出")
