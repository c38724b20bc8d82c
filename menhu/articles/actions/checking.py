"""What a text must satisfy: to be kept at all, and to be sent to review."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from menhu.articles.actions.filing import check_files
from menhu.articles.enums import PlacementState
from menhu.articles.models import Article
from menhu.articles.rules import References
from menhu.core.sanitising import clean_article_html, count_chars

OWN_FILES = "/files/"


def clean_text(article: Article) -> None:
    """Bring the text into storable form and check it; raises ValidationError with the fields' names."""
    article.body = clean_article_html(article.body)
    article.full_clean(exclude=["created_by"])
    check_files(article)


def check_ready(article: Article) -> None:
    """Raise ValidationError where the text is not fit to be reviewed: empty, pictures without words, nowhere to go."""
    faults: dict[str, Any] = {}
    body = body_faults(article.body)
    if not count_chars(article.body) and not References(article.body).images:
        body.insert(0, _("正文还是空的。"))
    if body:
        faults["body"] = body
    if article.expire_at and article.expire_at <= timezone.now():
        faults["expire_at"] = [_("到期时间已经过去。")]
    waiting = article.placements.filter(
        state__in=[PlacementState.WANTED, PlacementState.PROPOSED, PlacementState.PLACED]
    )
    if not waiting.exists():
        faults["columns"] = [_("还没有选择栏目。")]
    if faults:
        raise ValidationError(faults)


def body_faults(html: str) -> list[str]:
    """What is wrong with the pictures of a body, in words for its author."""
    faults = []
    for number, (src, alt) in enumerate(References(html).images, start=1):
        if not src.startswith(OWN_FILES):
            faults.append(_("第 %(n)d 张图片不在本站文件库里，请用“插入图片”上传后再用。") % {"n": number})
        elif not alt:
            faults.append(
                _("第 %(n)d 张图片没有说明文字，请点开图片填写“说明”，让看不见图的人也能明白。") % {"n": number}
            )
    return faults
