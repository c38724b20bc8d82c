"""Uploads of articles: private until a live text uses them, public while one does, on every host where it runs."""

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import QueryDict

from menhu.articles import actions, tags
from menhu.articles.files_source import PublishedFiles
from menhu.articles.forms import ArticleForm
from menhu.articles.models import Article, PublishedFile
from menhu.delivery.models import Lane
from menhu.delivery.sources import Address, recording
from menhu.files.actions import store_private, store_upload
from menhu.files.models import StoredFile
from menhu.files.storage import open_stored
from menhu.sites.models import Site
from tests.articles.conftest import announced, fresh, pass_reviews, write
from tests.conftest import SignedIn
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


# Files of cases never reach an article or the public tree.


def sent_in(world: World) -> StoredFile:
    """What a citizen sent to the education bureau."""
    return store_private(SimpleUploadedFile("私.png", picture(size=(9, 9))), unit=world.units["jyj"], by=None)


def guessed_path(file: StoredFile) -> str:
    return f"/files/{file.sha256[:2]}/{file.sha256[2:18]}/{file.pk}.{file.extension}"


@pytest.mark.parametrize("way", ["body", "attachments", "cover"])
def test_no_article_takes_a_file_of_a_case(world: World, way: str) -> None:
    file = sent_in(world)
    given = {
        "body": {"body": f'<p>正文</p><img src="{guessed_path(file)}" alt="图">'},
        "attachments": {"attachments": [(file, "附表")]},
        "cover": {"cover": file, "cover_alt": "图"},
    }[way]
    with pytest.raises(ValidationError, match="本单位没有的文件"):
        write(world, **given)
    assert not Article.objects.exists()
    assert public_files() == set()


def test_the_form_of_an_article_offers_no_file_of_a_case(world: World) -> None:
    file, mine = sent_in(world), upload(world)
    posted = QueryDict(mutable=True)
    posted.setlist("attachment", [str(file.pk), str(mine.pk)])
    posted.setlist("attachment_title", ["私", "公"])
    posted["cover"] = str(file.pk)
    form = ArticleForm(posted, unit=world.units["jyj"])
    assert form.is_valid() is False
    assert "cover" in form.errors
    assert form.attached_shown() == [(mine, "公")]
    assert form.cover_shown() is None


def test_a_row_that_names_a_file_of_a_case_publishes_nothing(world: World) -> None:
    """Whatever wrote such a row: the source of public files does not know the file."""
    before, file, after = upload(world), sent_in(world), upload(world, "b.pdf", PDF)
    article = write(world, body=shown(before), attachments=[(after, "附表")])
    pass_reviews(world, article)
    PublishedFile.objects.create(article=article, file=file)
    host = world.sites["jyj"].host
    assert addresses() == [Address(host, each.public_path) for each in (before, after)]
    assert list(SOURCE.addresses_for(frozenset({tags.file(file.pk)}))) == []
    for path in (guessed_path(file), file.public_path, f"/files/ab/0000000000000000/{file.pk}.png"):
        assert SOURCE.render(Address(host, path)) is None
    assert SignedIn(world.people["webmaster"]).get(guessed_path(file)).status_code == 404
