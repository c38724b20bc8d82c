"""Uploads that live articles use, as files of the public tree."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from django.db.models import QuerySet

from menhu.articles import tags
from menhu.articles.models import ArticleAddress, PublishedFile
from menhu.articles.rules import file_id
from menhu.delivery.sources import Address, Rendered, reads
from menhu.files.models import StoredFile
from menhu.files.storage import open_stored

TAG: Final = re.compile(tags.file(0).replace("0", r"([0-9]+)"))
CHUNK: Final = 500


class PublishedFiles:
    """One address for each upload and host: it stands while an article there uses the upload."""

    name = "files"

    def addresses(self) -> Iterator[Address]:
        """Every public upload on every host where an article uses it."""
        yield from _addresses(PublishedFile.objects.all())

    def addresses_for(self, changed: frozenset[str]) -> Iterable[Address]:
        found = (TAG.fullmatch(tag) for tag in changed)
        wanted = [int(match[1]) for match in found if match]
        return _addresses(PublishedFile.objects.filter(file_id__in=wanted)) if wanted else ()

    def render(self, address: Address) -> Rendered | None:
        number = file_id(address.path)
        if number is None:
            return None
        reads(tags.file(number))
        file = StoredFile.objects.filter(pk=number).first()
        if file is None or file.public_path != address.path or not _is_public(number, address.host):
            return None
        with open_stored(file) as source:
            return Rendered(b"", content_type=file.content_type, file=Path(source.name))


def _is_public(number: int, host: str) -> bool:
    users = PublishedFile.objects.filter(file_id=number).values("article_id")
    return ArticleAddress.objects.filter(article_id__in=users, host=host).exists()


def _addresses(rows: QuerySet[PublishedFile]) -> Iterator[Address]:
    host_of = "article__addresses__host"
    pairs = rows.values_list(host_of, "file_id").distinct().order_by("file_id", host_of)
    files: dict[int, StoredFile] = {}
    last = 0
    for host, number in pairs.iterator(chunk_size=CHUNK):
        if number > last:
            following = _following(number)
            files, last = StoredFile.objects.in_bulk(following), following[-1]
        if host and number in files:  # a file of a case never is, whatever row names it
            yield Address(host, files[number].public_path)


def _following(number: int) -> list[int]:
    """The next uploads in order, so that a full rebuild asks for them by the hundred."""
    rows = PublishedFile.objects.filter(file_id__gte=number).values_list("file_id", flat=True)
    return list(rows.distinct().order_by("file_id")[:CHUNK])
