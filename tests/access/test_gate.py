"""The gate of the back office: nothing but the allow-list below /office/."""

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import Client

from menhu.core import office
from menhu.core.office import UrlClass, allow, class_of
from tests.conftest import SignedIn
from tests.factories import UserFactory, World


def test_a_person_with_a_post_enters(world: World) -> None:
    response = SignedIn(world.people["editor"]).get("/office/account/")
    assert response.status_code == 200


def test_a_person_without_a_post_is_sent_to_the_sign_in_page(world: World) -> None:
    response = SignedIn(UserFactory()).get("/office/")
    assert response.status_code == 302
    assert response.url == "/office/login/?next=/office/"


def test_a_superuser_without_a_post_gets_no_right_from_the_flag(world: World) -> None:
    assert not UserFactory(is_superuser=True).has_perm("wagtailadmin.access_admin")


def test_anonymous_is_sent_to_the_sign_in_page(db: None) -> None:
    response = Client().get("/office/")
    assert response.status_code == 302
    assert response.url == "/office/login/?next=/office/"


@pytest.mark.parametrize(
    "address",
    [
        "/office/pages/",
        "/office/images/",
        "/office/documents/",
        "/office/users/",
        "/office/groups/",
        "/office/snippets/",
        "/office/collections/",
        "/office/workflows/list/",
        "/office/reports/workflow/",
        "/office/reports/site-history/",
        "/office/choose-page/",
        "/office/images/chooser/",
        "/office/tag-autocomplete/",
        "/office/bulk/articles/article/delete/",
        "/office/api/main/pages/",
        "/office/password_reset/",
        "/office/test404/",
        "/office/failwhale/",
        "/office/no-such-thing/",
    ],
)
def test_what_is_not_allowed_does_not_exist(world: World, address: str) -> None:
    for browser in (SignedIn(world.people["webmaster"]), Client()):
        assert browser.get(address).status_code == 404
        assert browser.post(address).status_code == 404


def test_office_pages_are_not_kept_and_have_their_own_policy(world: World) -> None:
    response = SignedIn(world.people["editor"]).get("/office/account/")
    assert response.headers["Cache-Control"] == "no-store"
    assert "style-src 'self' 'unsafe-inline'" in response.headers["Content-Security-Policy"]


def test_public_pages_have_the_strict_policy(db: None) -> None:
    response = Client().get("/no-such-page/")
    assert "unsafe-inline" not in response.headers["Content-Security-Policy"]


def test_a_name_has_one_class() -> None:
    assert class_of("wagtailadmin_home") is UrlClass.SIGNED_IN
    with pytest.raises(ImproperlyConfigured):
        allow(UrlClass.OBJECT, "wagtailadmin_home")
    assert class_of("wagtailadmin_home") is UrlClass.SIGNED_IN


def test_stock_menus_are_gone(world: World) -> None:
    page = SignedIn(world.people["auditor"]).get("/office/audit/").content.decode()
    menu = page.partition('id="wagtail-sidebar-props"')[2].partition("</script>")[0]
    assert "wagtail.sidebar.MainMenuModule" in menu
    for address in ("/office/pages/", "/office/images/", "/office/documents/", "/office/reports/", "/office/users/"):
        assert address not in menu


def test_classes_reserved_to_a_role_refuse_all_others(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(office._allowed, "accounts:me", UrlClass.WEBMASTER)
    refused = SignedIn(world.people["editor"]).get("/office/account/")
    assert refused.status_code == 403
    assert "您的岗位没有这项权限" in refused.content.decode()
    assert SignedIn(world.people["webmaster"]).get("/office/account/").status_code == 200
    assert Client().get("/office/account/").status_code == 302


def test_the_404_page_is_ours_for_everybody(world: World) -> None:
    for browser in (SignedIn(world.people["editor"]), Client()):
        page = "".join(browser.get("/office/no-such-thing/").content.decode().split())
        assert "<h1>没有这个页面</h1>" in page
        assert "Wagtail" not in page
