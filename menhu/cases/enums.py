from django.db import models
from django.utils.translation import gettext_lazy as _


class CaseState(models.TextChoices):
    """Where a case stands, which is the same as who must act next."""

    RECEIVED = "received", _("待受理")
    SCREENED = "screened", _("待交办")
    ASSIGNED = "assigned", _("待签收")
    RETURNED = "returned", _("退回待裁定")
    HANDLING = "handling", _("办理中")
    ASKED = "asked", _("待来信人补充")
    DRAFTED = "drafted", _("答复待签发")
    ANSWERED = "answered", _("已答复")
    RATED = "rated", _("已评价")
    CLOSED = "closed", _("已办结")
    REFUSED = "refused", _("不予受理")


class CaseVerb(models.TextChoices):
    """What moves a case from one state to another; each is an event of its timeline."""

    ACCEPT = "accept", _("受理")
    REFUSE = "refuse", _("不予受理")
    ASSIGN = "assign", _("交办")
    DESIGNATE = "designate", _("裁定承办")
    TAKE = "take", _("签收")
    RETURN = "return", _("退回")
    ASK = "ask", _("请来信人补充")
    SUPPLEMENT = "supplement", _("补充")
    LAPSE = "lapse", _("逾期未补充")
    DRAFT = "draft", _("拟写答复")
    SEND_BACK = "send_back", _("退回修改")
    SIGN = "sign", _("签发答复")
    RATE = "rate", _("评价")
    REOPEN = "reopen", _("不满意，再次办理")
    CLOSE = "close", _("办结")


class Party(models.TextChoices):
    """Who acts on a case, whichever posts and persons stand behind."""

    SENDER = "sender", _("来信人")
    OPERATOR = "operator", _("受理员")
    HANDLER = "handler", _("承办人")
    HEAD = "head", _("承办单位负责人")
    SUPERVISOR = "supervisor", _("督办员")
    CLOCK = "clock", _("系统时钟")


class ClockEffect(models.TextChoices):
    """What a transition does to the term in which the case must be answered."""

    NONE = "none", _("不变")
    START = "start", _("开始计时")
    PAUSE = "pause", _("暂停计时")
    RESUME = "resume", _("继续计时")
    STOP = "stop", _("停止计时")
    RESTART = "restart", _("重新计时")
