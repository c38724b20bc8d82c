from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _

VERBS = {
    "letters.prepare_copy": _("编辑公开稿"),
    "letters.publish_copy": _("公开来信"),
    "letters.withdraw_copy": _("撤下公开来信"),
    "letters.mark_model": _("知识库收录或移出"),
    "letters.report_week": _("起草来信周报"),
    "letters.take_charge": _("信访包案"),
    "letters.settle": _("信访化解"),
    "letters.decide": _("拟定信息公开答复"),
    "letters.keep_mailbox": _("设置信箱"),
    "letters.keep_template": _("修改答复模板"),
}


class LettersConfig(AppConfig):
    name = "menhu.letters"
    label = "letters"
    verbose_name = "来信"

    def ready(self) -> None:
        from wagtail.permissions import register_permission_policy

        from menhu.accounts.citizens import register_data
        from menhu.audit.verbs import name_verbs
        from menhu.cases.listeners import on_step
        from menhu.letters import finding, guarding, jobs, mine, seeds  # noqa: F401 - jobs register themselves with the clock
        from menhu.letters.actions import copying, telling
        from menhu.letters.home_block import KIND
        from menhu.letters.kinds import FAMILY
        from menhu.letters.models import Letter, PublicCopy
        from menhu.letters.openness import actions as openness
        from menhu.letters.openness.terms import FAMILY as INFORMATION
        from menhu.letters.policies import LetterPolicy
        from menhu.letters.public import sources
        from menhu.letters.public.reporting import report_url
        from menhu.letters.retention import join_retention
        from menhu.search import types
        from menhu.sites import blocks, my_page, reporting

        register_permission_policy(Letter, LetterPolicy(Letter))
        register_permission_policy(PublicCopy, LetterPolicy(PublicCopy))
        name_verbs(VERBS)
        on_step(FAMILY, telling.step_taken)
        on_step(FAMILY, copying.step_taken)
        on_step(INFORMATION, telling.step_taken)
        on_step(INFORMATION, openness.step_taken)
        join_retention()
        types.register(finding.kind())
        sources.register_all()
        blocks.register(KIND)
        _join_the_back_office()
        reporting.offer(report_url)
        register_data("letters", mine.export_letters, mine.forget)
        my_page.register(my_page.Section(key="letters", label=_("我的来信和申请"), show=mine.show, position=10))
        guarding.declare_figures()
        post_migrate.connect(seeds.seed, sender=self, dispatch_uid="letters.seed")


def _join_the_back_office() -> None:
    """Panels on the page of a case, forms that requests ask for, and the gate."""
    from menhu.cases import families, panels
    from menhu.cases.actions import answering
    from menhu.cases.enums import Deed
    from menhu.cases.families import Special
    from menhu.core.office import UrlClass, allow
    from menhu.letters.kinds import FAMILY
    from menhu.letters.knowing import beginning
    from menhu.letters.openness import deeds
    from menhu.letters.openness.terms import FAMILY as INFORMATION
    from menhu.letters.panels import PANELS, templates

    for panel in PANELS:
        panels.register(panel)
    panels.give_templates(templates)
    answering.give_beginnings(FAMILY, beginning)
    families.register(INFORMATION, Deed.DRAFT, Special(deeds.decision_form, deeds.decide))
    families.register(INFORMATION, Deed.CONSULT, Special(deeds.third_party_form, deeds.consult))
    allow(
        UrlClass.OWN,
        *(
            f"letters_office:{name}"
            for name in ("enter", "knowledge", "petitions", "weekly", "templates", "add_template", "yearly")
        ),
    )
    allow(UrlClass.OBJECT, *(f"letters_office:{name}" for name in ("copy", "document", "petition", "template")))
    allow(UrlClass.WEBMASTER, *(f"letters_office:{name}" for name in ("mailboxes", "add_mailbox", "mailbox")))
