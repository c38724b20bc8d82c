"""The knowledge base: public letters whose answers are models for later ones, marked by the desk."""

from django.utils.translation import gettext as _

from menhu.accounts.models import User
from menhu.audit.trail import record
from menhu.cases.actions.moving import recorded
from menhu.cases.models import Case
from menhu.cases.policies import CaseRefused
from menhu.delivery.outbox import announce
from menhu.letters import tags
from menhu.letters.models import PublicCopy
from menhu.letters.policies import may_mark_model


@recorded("mark_model")
def mark_model(*, case: Case, is_model: bool, by: User) -> PublicCopy:
    """Take a public letter into the knowledge base and the public's questions, or out of them."""
    if not may_mark_model(by, case):
        raise CaseRefused(_("知识库由受理员或督办员收录和移出。"))
    copy = PublicCopy.objects.filter(letter_id=case.pk).first()
    if copy is None or (is_model and copy.state != "published"):
        raise CaseRefused(_("公开之后的来信才能收入知识库。"))
    rows = PublicCopy.objects.filter(pk=copy.pk, is_model=not is_model, state=copy.state)
    if not rows.update(is_model=is_model):
        raise CaseRefused(_("这封信刚刚已由别人处理，请刷新后再看。"))
    announce((tags.models(), tags.copy(copy.pk)))
    record("letters.mark_model", copy, by=by, unit_id=case.unit_id, data={"is_model": is_model})
    copy.is_model = is_model
    return copy
