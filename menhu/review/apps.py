from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _

VERBS = {
    "review.submit": _("送审"),
    "review.approve": _("审核通过"),
    "review.reject": _("审核退回"),
    "review.correct": _("审核更正"),
    "review.recall": _("撤回送审"),
    "review.cancel": _("终止审核"),
    "review.finish": _("三级审批完成"),
    "review.refused": _("审核操作被拒绝"),
}


class ReviewConfig(AppConfig):
    name = "menhu.review"
    label = "review"
    verbose_name = "三级审批"

    def ready(self) -> None:
        from menhu.audit.verbs import name_verbs
        from menhu.core.office import UrlClass, allow
        from menhu.review import actions, deadlines, policies, seeds
        from menhu.review.bridge import Bridge, build
        from menhu.workdays.deadlines import on_calendar_change

        build(
            Bridge(
                begin=actions.begin,
                approve=actions.approve,
                reject=actions.reject,
                cancelled=actions.cancelled,
                refuse=actions.refuse,
                may_decide=policies.may_decide,
                waiting=policies.waiting,
            )
        )
        name_verbs(VERBS)
        deadlines.declare_figures()
        on_calendar_change(actions.move_deadlines)
        post_migrate.connect(seeds.seed, sender=self, dispatch_uid="review.seed")
        allow(UrlClass.SIGNED_IN, "review:inbox", "review:approve_many")
        allow(UrlClass.OBJECT, "review:decide", "review:preview", "review:sheet", "review:difference")
