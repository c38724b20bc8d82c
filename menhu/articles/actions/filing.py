"""Which uploads an article uses, and which of them are public because of it."""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from menhu.articles import tags
from menhu.articles.models import Article, PublishedFile
from menhu.articles.rules import References, file_id
from menhu.files.models import StoredFile


def used_files(article: Article) -> set[int]:
    """The numbers of the uploads that an article shows, links or carries."""
    carried = {attachment.file_id for attachment in article.attachments.all()}
    cover = {article.cover_id} if article.cover_id else set()
    return set(References(article.body).file_ids) | carried | cover


def check_files(article: Article) -> None:
    """Raise ValidationError where the article uses an upload that is not its unit's, so that none leaks through it."""
    wanted = used_files(article)
    mine = StoredFile.objects.filter(pk__in=wanted, unit_id=article.unit_id)
    public = StoredFile.objects.filter(pk__in=wanted, publications__isnull=False)
    allowed = {file.pk: file.public_path for file in [*mine, *public]}
    if wanted - allowed.keys() or not _all_real(References(article.body), allowed):
        raise ValidationError({"body": _("正文或附件用到了本单位没有的文件，请重新上传后再插入。")})


def publish_files(article: Article) -> set[str]:
    """Make exactly the uploads of the live text public; returns the tags of those that changed."""
    wanted, public = used_files(article), _public_files(article)
    rows = [PublishedFile(article=article, file_id=pk) for pk in sorted(wanted - public)]
    PublishedFile.objects.bulk_create(rows)
    _unpublish(article, public - wanted)
    return {tags.file(pk) for pk in wanted ^ public}


def unpublish_files(article: Article) -> set[str]:
    """Take back every upload of the article that is public because of it."""
    public = _public_files(article)
    _unpublish(article, public)
    return {tags.file(pk) for pk in public}


def file_tags(article: Article) -> set[str]:
    """The tags of the article's public uploads, for when they must also stand on one more host."""
    return {tags.file(pk) for pk in _public_files(article)}


def _public_files(article: Article) -> set[int]:
    return set(article.published_files.values_list("file_id", flat=True))


def _unpublish(article: Article, file_ids: Iterable[int]) -> None:
    PublishedFile.objects.filter(article=article, file_id__in=set(file_ids)).delete()


def _all_real(references: References, allowed: dict[int, str]) -> bool:
    addresses = [*(src for src, _alt in references.images), *references.links]
    numbered = ((file_id(address), address) for address in addresses)
    return all(allowed.get(number) == address for number, address in numbered if number is not None)
