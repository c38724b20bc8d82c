import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from menhu.articles.models import Article
from menhu.review import actions
from tests.factories import World
from tests.review.conftest import Told


def test_three_people_approve_and_the_approved_text_is_handed_over(world: World, draft: Article, told: Told) -> None:
    people = world.people
    first = actions.submit(subject=draft, by=people["editor"])
    with CaptureQueriesContext(
        connection,
    ) as q:
        second = actions.approve(state=first, by=people["head"], opinion="同意")
    print(len(q))
    [print(x["sql"][:160]) for x in q]
    assert second is not None
    third = actions.approve(state=second, by=people["government_reviewer"])
    assert third is not None
    assert actions.approve(state=third, by=people["secrecy_reviewer"]) is None
    assert [call[0] for call in told.calls] == ["entered", "entered", "entered", "finished"]
    assert told.calls[-1] == ("finished", draft.pk, draft.latest_revision_id, people["secrecy_reviewer"].pk)
