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
    CONSULTED = "consulted", _("征求第三方意见")
    DRAFTED = "drafted", _("答复待签发")
    ANSWERED = "answered", _("已答复")
    RATED = "rated", _("已评价")
    CLOSED = "closed", _("已办结")
    REFUSED = "refused", _("不予受理")
    MERGED = "merged", _("并案办理")


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
    LAPSE = "lapse", _("逾期未补充，继续办理")
    ABANDON = "abandon", _("逾期未补正，视为放弃")
    CONSULT = "consult", _("征求第三方意见")
    HEAR = "hear", _("收到第三方意见")
    SILENCE = "silence", _("第三方逾期未答复")
    DRAFT = "draft", _("拟写答复")
    SEND_BACK = "send_back", _("退回修改")
    SIGN = "sign", _("签发答复")
    RATE = "rate", _("评价")
    REOPEN = "reopen", _("不满意，再次办理")
    CLOSE = "close", _("办结")
    MERGE = "merge", _("并案")
    UNMERGE = "unmerge", _("撤销并案")
    FOLLOW = "follow", _("随主件答复")


class Party(models.TextChoices):
    """Who acts on a case, whichever posts and persons stand behind."""

    SENDER = "sender", _("来信人")
    OPERATOR = "operator", _("受理员")
    HANDLER = "handler", _("承办人")
    HEAD = "head", _("承办单位负责人")
    SUPERVISOR = "supervisor", _("督办员")
    CLOCK = "clock", _("系统时钟")


PEOPLE_OUTSIDE = frozenset({Party.SENDER, Party.CLOCK})
"""Those who act without an account of the house."""


class ClockEffect(models.TextChoices):
    """What a transition does to the term in which the case must be answered."""

    NONE = "none", _("不变")
    START = "start", _("开始计时")
    PAUSE = "pause", _("暂停计时")
    RESUME = "resume", _("继续计时")
    STOP = "stop", _("停止计时")
    RESTART = "restart", _("重新计时")


class Channel(models.TextChoices):
    """By which way a case came."""

    WEB = "web", _("网站")
    PHONE = "phone", _("电话")
    VISIT = "visit", _("来访")
    POST = "post", _("信函")
    APP = "app", _("移动端")


class EventKind(models.TextChoices):
    """What the timeline tells besides the verbs of the table."""

    RECEIVE = "receive", _("收到")
    PROGRESS = "progress", _("办理进展")
    PARTNER = "partner", _("协办意见")
    LINK = "link", _("关联重复件")
    SPLIT = "split", _("拆分")
    COMPLEX = "complex", _("列为复杂事项")
    EXTEND = "extend", _("申请延期")
    GRANT = "grant", _("同意延期")
    DENY = "deny", _("不同意延期")
    INSTRUCT = "instruct", _("领导批示")
    URGE = "urge", _("催办")
    SUPERVISE = "supervise", _("督办")
    REPORT_BACK = "report_back", _("反馈")
    ALARM = "alarm", _("期限提醒")
    ANONYMISE = "anonymise", _("隐去来信人信息")


class RetentionDeed(models.TextChoices):
    """What happens to a case whose time of keeping is over."""

    ANONYMISE = "anonymise", _("隐去个人信息")
    DELETE = "delete", _("删除")


class DirectiveKind(models.TextChoices):
    """Who presses for a case, each with a clock of its own."""

    INSTRUCT = "instruct", _("领导批示")
    URGE = "urge", _("催办")
    SUPERVISE = "supervise", _("督办")


class LinkKind(models.TextChoices):
    """How two cases belong together: `case` follows `master`, or was cut out of it."""

    DUPLICATE = "duplicate", _("重复件")
    PART = "part", _("拆分件")


class AnswerState(models.TextChoices):
    DRAFT = "draft", _("待签发")
    SENT_BACK = "sent_back", _("退回修改")
    SIGNED = "signed", _("已签发")


class Deed(models.TextChoices):
    """What a person of the house can do on the page of a case, by its address; the label is the button.

    Those that are named as a verb of the table are that step; the others move nothing.
    """

    ACCEPT = "accept", _("受理")
    DESIGNATE = "designate", _("裁定承办单位")
    ASSIGN = "assign", _("交办")
    TAKE = "take", _("签收")
    SIGN = "sign", _("签发答复")
    DRAFT = "draft", _("提交答复")
    HEAR = "hear", _("记录第三方意见")
    SUPPLEMENT = "supplement", _("代来信人补充")
    DECIDE_EXTENSION = "decide_extension", _("批复延期")
    PARTNER = "partner", _("填写协办意见")
    REPORT_BACK = "report_back", _("反馈办理情况")
    CLOSE = "close", _("办结")
    SEND_BACK = "send_back", _("退回修改")
    PROGRESS = "progress", _("记录进展")
    ASK = "ask", _("请来信人补充")
    CONSULT = "consult", _("征求第三方意见")
    EXTEND = "extend", _("申请延期")
    RETURN = "return", _("退回受理单位")
    REFUSE = "refuse", _("不予受理")
    RATE = "rate", _("代来信人评价")
    REOPEN = "reopen", _("代来信人申请再次办理")
    INSTRUCT = "instruct", _("批示")
    URGE = "urge", _("催办")
    SUPERVISE = "supervise", _("督办")
    COMPLEX = "complex", _("列为复杂事项")
    MERGE = "merge", _("并入另一件")
    UNMERGE = "unmerge", _("撤销并案")
    SPLIT = "split", _("拆出另外的事项")
