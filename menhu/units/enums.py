from django.db import models
from django.utils.translation import gettext_lazy as _


class Side(models.TextChoices):
    """Which office reviews what a unit publishes."""

    PARTY = "party", _("党委")
    GOVERNMENT = "government", _("政府")


class UnitKind(models.TextChoices):
    COUNTY = "county", _("县（市、区）")
    GROUP = "group", _("分组")
    OFFICE = "office", _("办公室")
    BUREAU = "bureau", _("部门")
    INSTITUTION = "institution", _("事业单位")
    TOWN = "town", _("乡镇（街道）")
    TEMPORARY = "temporary", _("临时机构")


class Role(models.TextChoices):
    """What a post does; the terms are those of docs/reference/glossary.md."""

    EDITOR = "editor", _("信息员")
    HEAD = "head", _("单位负责人")
    COMMITTEE_REVIEWER = "committee_reviewer", _("县委办审核员")
    GOVERNMENT_REVIEWER = "government_reviewer", _("政府办审核员")
    SECRECY_REVIEWER = "secrecy_reviewer", _("保密审查员")
    WEBMASTER = "webmaster", _("网站管理员")
    DUTY_OFFICER = "duty_officer", _("应急撤稿人")
    LEADER = "leader", _("领导")
    AUDITOR = "auditor", _("审计员")
    OPERATOR = "operator", _("受理员")
    HANDLER = "handler", _("承办员")
    SUPERVISOR = "supervisor", _("督办员")
