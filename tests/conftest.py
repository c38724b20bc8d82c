import os
import tempfile

os.environ.setdefault("MENHU_HOME", tempfile.mkdtemp(prefix="menhu-tests-"))
os.environ["HTTPS"] = "off"

import hypothesis
import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import override_settings

from menhu.accounts.models import User
from menhu.audit import triggers
from menhu.core import figures
from menhu.notices import messages
from tests.factories import World, build_world


def pytest_configure() -> None:
    hypothesis.settings.register_profile("house", deadline=None)  # a busy machine is no failure
    hypothesis.settings.load_profile("house")
    # Not by assignment: storages read their settings once, and only the signal of an override makes them read again.
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    override_settings(
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
        STORAGES={**settings.STORAGES, "staticfiles": plain},
        OPENSEARCH_URL="",  # only tests/search/test_engines.py asks one, by an index of its own
        PUBLISH_WORKERS=1,  # a process of its own would not see the database of a test
    ).enable()


@pytest.fixture(autouse=True)
def own_folders(settings: object, tmp_path: "os.PathLike[str]") -> None:
    """Each test has folders of its own for public and private files and for keys."""
    from pathlib import Path

    settings.PUBLIC_ROOT = Path(tmp_path) / "public"  # type: ignore[attr-defined]
    settings.KEYS_ROOT = Path(tmp_path) / "keys"  # type: ignore[attr-defined]
    settings.OUTBOX_ROOT = Path(tmp_path) / "outbox"  # type: ignore[attr-defined]
    settings.PRIVATE_ROOT = settings.MEDIA_ROOT = Path(tmp_path) / "private"  # type: ignore[attr-defined]


@pytest.fixture(autouse=True)
def own_figures() -> None:
    """No test sees a figure that another one set, nor a gateway that failed another."""
    figures.forget_recent()
    messages.forget_rests()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: object) -> None:
    """The trail's triggers also refuse the flush between tests: those that need them put them up themselves."""
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        if triggers.are_installed(connection):
            triggers.remove(None, connection.schema_editor())


@pytest.fixture
def world(db: None) -> World:
    return build_world()


@pytest.fixture
def sign_in() -> "type[SignedIn]":
    return SignedIn


class SignedIn(Client):
    """A browser in which a person is signed in: `sign_in(world.people["editor"])`."""

    def __init__(self, user: User) -> None:
        super().__init__()
        self.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
