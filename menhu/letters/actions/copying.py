"""The public copy: a separate text, masked by a person with the machine's proposals, published by another person."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import OuterRef, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _

from menhu.accounts.models import User
from menhu.articles.rules import BUCKET_SIZE, bucket_name, month_of
from menhu.audit.trail import record
from menhu.cases.actions import signed_answer
from menhu.cases.enums import CaseVerb
from menhu.cases.listeners import Step
from menhu.cases.models import Answer, Sender
from menhu.cases.policies import CaseRefused
from menhu.core.personal import Finding, find, propose
from menhu.delivery.models import Lane
from menhu.delivery.outbox import announce
from menhu.letters import tags
from menhu.letters.enums import CopyState
from menhu.letters.models import Letter, PublicCopy
from menhu.letters.policies import may_prepare_copy, may_publish_copy
from menhu.search import actions as search
from menhu.units.models import Unit

KIND = "letter"


@dataclass(frozen=True, slots=True)
class Words:
    """The three texts of a public copy."""

    title: str
    question: str
    answer: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """Words with everything masked that was found, and the findings of each text as it was."""

    words: Words
    findings: tuple[Finding, ...]


def proposal(letter: Letter, words: Words | None = None) -> Proposal:
    """Mask the original (or the words given): a proposal, which a person goes through and confirms."""
    source = words or _originals(letter)
    names, offices = _names(letter), _telephones_of_offices()
    found = [find(text, names=names, allowed=offices) for text in (source.title, source.question, source.answer)]
    masked = [
        propose(text, findings)
        for text, findings in zip((source.title, source.question, source.answer), found, strict=True)
    ]
    return Proposal(Words(*masked), tuple(finding for findings in found for finding in findings))


def remaining(letter: Letter, words: Words) -> tuple[Finding, ...]:
    """What still looks like personal data in words that are to be published."""
    return proposal(letter, words).findings


@transaction.atomic
def prepare(*, letter: Letter, words: Words, by: User) -> PublicCopy:
    """Keep a copy as a draft, which is no model for others; a published one is to be withdrawn first."""
    case = letter.case
    if not may_prepare_copy(by, letter):
        raise CaseRefused(_("公开稿由受理单位或承办单位编辑。"))
    answer = _require_publishable(letter)
    before = PublicCopy.objects.filter(letter=letter).first()
    if before is not None and before.state == CopyState.PUBLISHED:
        raise CaseRefused(_("已公开的来信要先撤下，才能修改。"))
    values = {
        "state": CopyState.DRAFT,
        "title": words.title.strip(),
        "question": words.question.strip(),
        "answer": words.answer.strip(),
        "kind": case.kind,
        "unit": answer.unit,
        "written_on": timezone.localdate(case.received_at),
        "answered_at": answer.signed_at,
        "rating": case.rating,
        "is_model": False,
        "prepared_by_id": by.pk,
        "prepared_by_name": str(by)[:80],
    }
    copy, _made = PublicCopy.objects.update_or_create(letter=letter, defaults=values)
    record("letters.prepare_copy", copy, by=by, unit_id=case.unit_id, data={"case": case.number})
    return copy


@transaction.atomic
def publish(*, copy: PublicCopy, by: User, accepted: Sequence[str] = ()) -> PublicCopy:
    """Let the public read the copy. `accepted` are texts that look like personal data and, says the person, are none.

    Raises CaseRefused for whoever prepared it, and while something unaccepted is found in it.
    """
    letter = copy.letter
    if not may_publish_copy(by, letter):
        raise CaseRefused(_("公开稿由督办员或承办单位负责人发布。"))
    if copy.prepared_by_id == by.pk:
        raise CaseRefused(_("不能发布自己编辑的公开稿，请由另一人核对后发布。"))
    _require_publishable(letter)
    left = [f.text for f in remaining(letter, Words(copy.title, copy.question, copy.answer)) if f.text not in accepted]
    if left:
        raise CaseRefused(
            _("仍有疑似个人信息：%(found)s。请隐去，或逐项确认不是个人信息。") % {"found": "、".join(left)}
        )
    now = timezone.now()
    published = {
        "state": CopyState.PUBLISHED,
        "published_at": now,
        "published_by_name": str(by)[:80],
        **({} if copy.bucket else _page_in(month_of(now))),
    }
    if not PublicCopy.objects.filter(pk=copy.pk, state__in=(CopyState.DRAFT, CopyState.WITHDRAWN)).update(**published):
        raise CaseRefused(_("这封信的公开稿刚刚已由别人处理，请刷新后再看。"))
    copy.refresh_from_db()
    announce(_tags_of(copy))
    search.renew(KIND, [copy.pk])
    record("letters.publish_copy", copy, by=by, unit_id=letter.case.unit_id, data={"accepted": list(accepted)})
    return copy


@transaction.atomic
def withdraw(*, copy: PublicCopy, by: User, reason: str) -> PublicCopy:
    """Take a public letter down at once."""
    if not (may_publish_copy(by, copy.letter) or may_prepare_copy(by, copy.letter)):
        raise CaseRefused(_("您的岗位不能撤下这封信。"))
    if not reason.strip():
        raise CaseRefused(_("请写明撤下的理由。"))
    hide(copy)
    record("letters.withdraw_copy", copy, by=by, unit_id=copy.letter.case.unit_id, data={"reason": reason.strip()})
    return copy


def hide(copy: PublicCopy) -> None:
    """Take a copy down: from files first, from the search with them. Call it inside a transaction."""
    if PublicCopy.objects.filter(pk=copy.pk, state=CopyState.PUBLISHED).update(state=CopyState.WITHDRAWN):
        copy.state = CopyState.WITHDRAWN
        announce((*_tags_of(copy), tags.models()), lane=Lane.RETRACTION)  # a mark may have come meanwhile
        search.withdraw(KIND, copy.pk)


def step_taken(step: Step) -> None:
    """Listener on cases: an answer that is contested is public no more; a rating is shown beside the letter."""
    if step.event.kind not in (CaseVerb.REOPEN, CaseVerb.RATE):
        return
    copy = PublicCopy.objects.filter(letter_id=step.case.pk).first()
    if copy is None:
        return
    if step.event.kind == CaseVerb.REOPEN:
        hide(copy)
        return
    PublicCopy.objects.filter(pk=copy.pk).update(rating=step.case.rating)
    announce([tags.copy(copy.pk)])


def _tags_of(copy: PublicCopy) -> tuple[str, ...]:
    models = (tags.models(),) if copy.is_model else ()
    return (tags.copy(copy.pk), tags.newest(), *page_tags([copy.pk]), *models)


def _page_in(month: str) -> dict[str, Any]:
    """The page of the month that takes one more letter: its last one, or a new one once that is full."""
    rows = PublicCopy.objects.published().filter(bucket=month)
    last = rows.order_by("-part").values_list("part", flat=True).first() or 1
    return {"bucket": month, "part": last + (rows.filter(part=last).count() >= BUCKET_SIZE)}


def page_tags(keys: Collection[int]) -> set[str]:
    """What changes where these copies have come or gone: their pages of a month and, where such a page itself came or
    went, the pages beside it, which lead elsewhere now. Two queries for any number."""
    shown, here = PublicCopy.objects.published(), (OuterRef("bucket"), OuterRef("part"))
    second = shown.filter(bucket=here[0], part=here[1]).newest_first().values("pk")[1:2]
    newer, older = (shown.beside(*here, is_newer=is_newer).values("pk")[:1] for is_newer in (True, False))
    rows = PublicCopy.objects.filter(pk__in=keys).annotate(second=Subquery(second))
    alone = rows.filter(second__isnull=True).annotate(newer=Subquery(newer), older=Subquery(older))
    near = {pk for pair in alone.values_list("newer", "older") for pk in pair if pk is not None}
    pages = PublicCopy.objects.filter(pk__in={*keys, *near}).values_list("bucket", "part").distinct()
    return {tags.bucket(bucket_name(*page)) for page in pages}


def _originals(letter: Letter) -> Words:
    answer = signed_answer(letter.case)
    return Words(letter.case.title, letter.case.text, answer.text if answer else "")


def _names(letter: Letter) -> tuple[str, ...]:
    """The sender's name, so that it is found however it is written into the text."""
    sender = Sender.objects.filter(case=letter.case).first()
    return (sender.name,) if sender is not None and sender.name else ()


def _telephones_of_offices() -> frozenset[str]:
    """Numbers that are public anyway: readers are to ring them."""
    phones = Unit.objects.active().exclude(phone="").values_list("phone", flat=True)
    return frozenset(phones)


def _require_publishable(letter: Letter) -> Answer:
    """The signed answer of a letter whose sender agreed. Raises CaseRefused."""
    if not letter.wants_publication or letter.case.is_confidential:
        raise CaseRefused(_("来信人没有同意公开。"))
    answer = signed_answer(letter.case)
    if answer is None or letter.case.is_open:
        raise CaseRefused(_("签发答复之后才能公开。"))
    return answer
