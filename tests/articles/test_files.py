"""Uploads of articles: private until a live text uses them, public while one does, on every host where it runs."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from menhu.articles import actions, tags
from menhu.articles.files_source import PublishedFiles
from menhu.articles.models import PublishedFile
from menhu.delivery.models import Lane
from menhu.delivery.sources import Address, recording
from menhu.files.actions import store_upload
from menhu.files.models import StoredFile
from menhu.files.storage import open_stored
from menhu.sites.models import Site
from tests.articles.conftest import announced, fresh, pass_reviews, write
from tests.factories import World
from tests.files.samples import PDF, picture

SOURCE = PublishedFiles()


def upload(world: World, name: str = "图.png", data: bytes = picture()) -> StoredFile:
    return store_upload(SimpleUploadedFile(name, data), unit=world.units["jyj"], by=None)


def shown(file: StoredFile) -> str:
    return f'<p>正文</p><img src="{file.public_path}" alt="图">'


def public_files() -> set[tuple[int, int]]:
    return set(PublishedFile.objects.values_list("article_id", "file_id"))


def addresses() -> list[Address]:
    return list(SOURCE.addresses())


def test_files_become_public_with_the_text_and_not_before(world: World) -> None:
    image, table = upload(world), upload(world, "附表.pdf", PDF)
    article = write(world, body=shown(image), attachments=[(table, "附表")])
    host = world.sites["jyj"].host
    assert SOURCE.render(Address(host, image.public_path)) is None
    pass_reviews(world, article)
    assert public_files() == {(article.pk, image.pk), (article.pk, table.pk)}
    assert {tags.file(image.pk), tags.file(table.pk)} <= announced()[Lane.APPROVAL]
    assert addresses() == [Address(host, file.public_path) for file in (image, table)]
    with recording() as read:
        rendered = SOURCE.render(Address(host, table.public_path))
    assert read == {tags.file(table.pk)}
    assert rendered is not None
    assert rendered.file is not None
    assert (rendered.file.read_bytes(), rendered.content_type) == (PDF, "application/pdf")


def test_a_correction_takes_back_what_it_no_longer_uses(world: World) -> None:
    old, new = upload(world), upload(world, data=picture(size=(50, 50)))
    article = write(world, body=shown(old))
    pass_reviews(world, article)
    actions.revise(article=article, by=world.people["editor"], body=shown(new))
    assert public_files() == {(article.pk, old.pk)}
    announced()
    pass_reviews(world, article)
    assert public_files() == {(article.pk, new.pk)}
    assert {tags.file(old.pk), tags.file(new.pk)} <= announced()[Lane.APPROVAL]
    assert SOURCE.render(Address(world.sites["jyj"].host, old.public_path)) is None


def test_retraction_takes_the_files_off_unless_another_article_uses_them(world: World) -> None:
    image = upload(world)
    first, second = write(world, body=shown(image)), write(world, title="另一篇", body=shown(image))
    for article in (first, second):
        pass_reviews(world, article)
    announced()
    host = world.sites["jyj"].host
    actions.retract(article=first, by=world.people["duty_officer"], reason="有害")
    assert tags.file(image.pk) in announced()[Lane.RETRACTION]
    assert SOURCE.render(Address(host, image.public_path)) is not None
    actions.retract(article=second, by=world.people["duty_officer"], reason="有害")
    assert SOURCE.render(Address(host, image.public_path)) is None
    assert addresses() == []


def test_a_withdrawn_page_keeps_its_files(world: World) -> None:
    image = upload(world)
    article = write(world, body=shown(image))
    pass_reviews(world, article)
    actions.withdraw(article=article, by=world.people["head"], reason="有误")
    assert public_files() == {(article.pk, image.pk)}


def test_files_go_along_to_a_site_with_a_host_of_its_own(world: World) -> None:
    Site.objects.filter(pk=world.sites["slj"].pk).update(host="slj.example.com", prefix="")
    image = upload(world)
    article = write(world, body=shown(image))
    pass_reviews(world, article)
    announced()
    actions.place(article=article, column=world.columns["slj/gzdt"], by=world.people["stranger"])
    assert tags.file(image.pk) in announced()[Lane.APPROVAL]
    assert {address.host for address in addresses()} == {world.sites["jyj"].host, "slj.example.com"}
    found = set(SOURCE.addresses_for(frozenset({tags.file(image.pk)})))
    assert found == set(addresses())


@pytest.mark.parametrize("path", ["/files/", "/files/00/0000000000000000/1.png", "/jyj/", "/files/zz/x/1.png"])
def test_other_addresses_are_not_ours(world: World, path: str) -> None:
    assert SOURCE.render(Address("127.0.0.1", path)) is None


def test_the_address_must_be_the_files_own(world: World) -> None:
    image = upload(world)
    article = write(world, body=shown(image))
    pass_reviews(world, article)
    forged = image.public_path.replace(image.sha256[2:18], "0" * 16)
    assert SOURCE.render(Address(world.sites["jyj"].host, forged)) is None


def test_equal_bytes_are_kept_once_and_stay_for_the_record(world: World) -> None:
    image = upload(world)
    article = write(world, body=shown(image))
    pass_reviews(world, article)
    actions.retract(article=article, by=world.people["duty_officer"], reason="有害")
    with open_stored(image) as source:
        assert source.read()
    assert image.public_path in fresh(article).body
