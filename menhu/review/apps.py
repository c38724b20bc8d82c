from django.apps import AppConfig
from django.db.models.signals import post_migrate


class ReviewConfig(AppConfig):
    name = "menhu.review"
    label = "review"
    verbose_name = "三级审批"

    def ready(self) -> None:
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
        deadlines.declare_figures()
        on_calendar_change(actions.move_deadlines)
        post_migrate.connect(seeds.seed, sender=self, dispatch_uid="review.seed")
        allow(UrlClass.SIGNED_IN, "review:inbox", "review:approve_many")
        allow(UrlClass.OBJECT, "review:decide", "review:preview", "review:sheet", "review:difference")
