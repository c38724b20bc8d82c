from django.db import models
from django.utils.translation import gettext_lazy as _


class Step(models.TextChoices):
    """The three reviews, in this order; what a subject calls its states of review by, too."""

    HEAD = "head", _("单位审核")
    OFFICE = "office", _("办公室审核")
    SECRECY = "secrecy", _("保密审查")


class Verb(models.TextChoices):
    """What can be done in a round of review; each is one line of the review sheet."""

    SUBMIT = "submit", _("送审")
    APPROVE = "approve", _("通过")
    REJECT = "reject", _("退回")
    CORRECT = "correct", _("更正")
    RECALL = "recall", _("撤回")
    CANCEL = "cancel", _("终止")


class Recused(models.TextChoices):
    """Why a person may give no opinion on a step (回避)."""

    WROTE = "wrote", _("撰写或修改过这篇稿件")
    SIGNED = "signed", _("本轮已经给过意见")
