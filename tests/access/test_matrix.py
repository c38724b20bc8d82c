"""Every address of the back office × a person of another unit: nothing foreign seen, nothing done, every refusal exact.

Addresses of apps are found by walking the resolver, so that a new one cannot be forgotten: it is either refused by the
gate, or classed; and an address of one object needs a provider in `samples`.
"""

import hashlib
import json
from collections.abc import Iterator

import pytest
from django.apps import apps
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Model
from django.http import HttpResponse
from django.test import Client
from wagtail.models import Revision, TaskState, WorkflowState

from menhu.audit.models import Event
from menhu.core.office import UrlClass, allowed_names, may_open
from tests.access.addresses import Address, office_addresses
from tests.access.samples import MARK, Samples, provided
from tests.conftest import SignedIn
from tests.factories import World

METHODS = ("get", "post")
STRANGERS = ("stranger", "stranger_head")
# Sessions and the trail do change when somebody is refused; nothing else may.
APPS_OF_THE_TRAIL = {"audit"}


def of_class(*classes: UrlClass) -> Iterator[Address]:
    return (address for address in office_addresses() if address.url_class in classes)


def business_models() -> list[type[Model]]:
    ours = [
        model
        for model in apps.get_models()
        if model.__module__.startswith("menhu.") and model._meta.app_label not in APPS_OF_THE_TRAIL
    ]
    return sorted([*ours, Revision, TaskState, WorkflowState], key=lambda model: model._meta.label)


def state_of_business() -> dict[str, str]:
    """A hash over the rows of each business table."""
    found = {}
    for model in business_models():
        rows = list(model._default_manager.order_by("pk").values())
        text = json.dumps(rows, cls=DjangoJSONEncoder, ensure_ascii=False, sort_keys=True)
        found[model._meta.label] = hashlib.sha256(text.encode()).hexdigest()
    return found


@pytest.fixture
def samples(world: World) -> Samples:
    """One object of the education bureau for each address that needs one."""
    made = Samples(world)
    for address in of_class(UrlClass.OBJECT):
        made.parameters(address.name)
    return made


def asked(browser: Client, method: str, path: str) -> HttpResponse:
    response: HttpResponse = getattr(browser, method)(path)
    return response


def leads_to_sign_in(response: HttpResponse) -> bool:
    return response.status_code == 302 and response["Location"].startswith("/office/login/?next=/office/")


def test_every_name_on_the_allow_list_exists() -> None:
    assert allowed_names() - {address.name for address in office_addresses()} == frozenset()


def test_every_address_of_one_object_has_a_sample() -> None:
    wanted = {address.name for address in of_class(UrlClass.OBJECT)}
    assert wanted - provided() == set()
    assert provided() - wanted == set()


def test_what_is_not_on_the_allow_list_answers_404(world: World) -> None:
    browsers = [Client(), SignedIn(world.people["webmaster"])]
    wrong, seen = [], 0
    for address in office_addresses():
        path = address.at() if address.url_class is None else None
        if path is None or not address.is_served_at(path):
            continue
        seen += 1
        for browser in browsers:
            statuses = [asked(browser, method, path).status_code for method in METHODS]
            if statuses != [404, 404]:
                wrong.append((path, statuses))
    assert wrong == []
    assert seen > 100


def test_anonymous_is_sent_to_the_sign_in_page_everywhere(samples: Samples) -> None:
    before = state_of_business()
    wrong = []
    for address in of_class(*set(UrlClass) - {UrlClass.PUBLIC}):
        values = samples.parameters(address.name) if address.url_class is UrlClass.OBJECT else {}
        for method in METHODS:
            response = asked(Client(), method, address.at(**values) or "")
            if not leads_to_sign_in(response):
                wrong.append((address.name, method, response.status_code))
    assert wrong == []
    assert state_of_business() == before


def test_an_object_of_another_unit_does_not_exist(samples: Samples) -> None:
    before, refused = state_of_business(), Event.objects.filter(verb="access.refused").count()
    wrong = []
    for persona in STRANGERS:
        browser = SignedIn(samples.world.people[persona])
        before_requests = state_of_business()
        for address in of_class(UrlClass.OBJECT):
            path = address.at(**samples.parameters(address.name)) or ""
            responses = [asked(browser, method, path) for method in METHODS]
            # 405 is said of the address, before its object is looked for; the other method must then find nothing.
            if sorted({response.status_code for response in responses}) not in ([404], [404, 405]):
                wrong.append((persona, address.name, [response.status_code for response in responses]))
            if any(MARK in response.content.decode() for response in responses):
                wrong.append((persona, address.name, "foreign text"))
        assert state_of_business() == before_requests
    assert wrong == []
    assert {label for label, digest in state_of_business().items() if digest != before[label]} <= {"accounts.User"}
    assert Event.objects.filter(verb="access.refused").count() > refused


def test_own_lists_show_no_foreign_row(samples: Samples) -> None:
    wrong = []
    for persona in STRANGERS:
        browser = SignedIn(samples.world.people[persona])
        before = state_of_business()
        for address in of_class(UrlClass.OWN, UrlClass.SIGNED_IN):
            for method in METHODS:
                response = asked(browser, method, address.at() or "")
                if response.status_code not in (200, 302, 400, 403, 404, 405):
                    wrong.append((persona, address.name, method, response.status_code))
                if not response.streaming and MARK in response.content.decode():
                    wrong.append((persona, address.name, method, "foreign text"))
        assert state_of_business() == before
    assert wrong == []


def test_the_marks_are_there_to_be_seen(samples: Samples) -> None:
    """The lists of the owner do show what the stranger's must not, else the test above proves nothing."""
    editor = SignedIn(samples.world.people["editor"])
    for path in ("/office/articles/", "/office/leaders/", "/office/files/", "/office/notices/"):
        assert MARK in editor.get(path).content.decode(), path


@pytest.mark.parametrize(("url_class", "role"), [(UrlClass.WEBMASTER, "webmaster"), (UrlClass.AUDITOR, "auditor")])
def test_what_is_reserved_to_a_role_refuses_all_others(world: World, url_class: UrlClass, role: str) -> None:
    before = state_of_business()
    browser = SignedIn(world.people["stranger"])
    wrong = []
    for address in of_class(url_class):
        path = address.at() or ""
        statuses = [asked(browser, method, path).status_code for method in METHODS]
        if statuses != [403, 403]:
            wrong.append((address.name, statuses))
        # The gate asks the same question for every person; pages need not be drawn for each of them.
        entering = {persona for persona, person in world.people.items() if may_open(person, path)}
        if entering != {role}:
            wrong.append((address.name, entering))
    assert wrong == []
    after = state_of_business()
    assert {label for label, digest in after.items() if digest != before[label]} <= {"accounts.User"}


def test_another_units_article_is_not_approved_through_ones_own(samples: Samples) -> None:
    """A reviewer of one unit posts the task state of another unit's text: refused, recorded, unchanged."""
    before = state_of_business()
    browser = SignedIn(samples.world.people["stranger_head"])
    state = samples.state()
    address = f"/office/review/{state.pk}/"
    assert browser.post(address, {"verb": "approve", "opinion": "同意"}).status_code == 404
    browser.post("/office/review/approve/", {"state": [str(state.pk)], "opinion": "同意"})
    after = state_of_business()
    assert {label for label, digest in after.items() if digest != before[label]} <= {"accounts.User"}
    assert Event.objects.filter(verb="access.refused", actor_name="苏映雪").exists()
    state.refresh_from_db()
    assert state.is_open
