"""Objects of the education bureau that a stranger must not reach, one for each address of class OBJECT.

An app that registers such an address adds a provider here: a function of the world that makes one object of unit jyj,
with MARK in whatever a person would read of it, and gives the parameters of the address.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from wagtail.models import Revision

from menhu.articles import actions as articles
from menhu.articles.enums import PlacementState
from menhu.articles.models import Article, MoveInBatch, MoveInItem, MoveInVerdict, Placement
from menhu.cases.enums import CaseState
from menhu.files.models import FileKind, StoredFile
from menhu.letters.models import ReplyTemplate
from menhu.notices.models import Notice
from menhu.review.models import ReviewTaskState, SheetLine
from menhu.sites.enums import RequestKind
from menhu.sites.models import ColumnRequest, HomeBlock
from menhu.units.models import Leader, Post
from tests.cases.desk import Desk
from tests.factories import World

MARK = "〔教育局内部〕"

Parameters = dict[str, Any]
Provider = Callable[["Samples"], Parameters]

_providers: dict[str, Provider] = {}


def provide(*names: str) -> Callable[[Provider], Provider]:
    """Register a provider for addresses by their full names."""

    def registered(provider: Provider) -> Provider:
        _providers.update(dict.fromkeys(names, provider))
        return provider

    return registered


@dataclass
class Samples:
    """The objects of one test, each made once."""

    world: World
    _made: dict[Provider, Parameters] = field(default_factory=dict)

    def parameters(self, name: str) -> Parameters:
        """What an address needs; KeyError for an address that nobody provides for."""
        provider = _providers[name]
        if provider not in self._made:
            self._made[provider] = provider(self)
        return self._made[provider]

    def article(self) -> Article:
        """A text in review, its author the bureau's editor."""
        found = Article.objects.filter(title__contains=MARK).first()
        if found is None:
            editor, site = self.world.people["editor"], self.world.sites["jyj"]
            columns = [self.world.columns["jyj/gzdt"]]
            words = {"title": f"{MARK}招生", "body": f"<p>{MARK}正文。</p>", "source": "县教育局"}
            found = articles.draft(unit=site.unit, site=site, by=editor, columns=columns, **words)
            articles.submit(article=found, by=editor)
        return found

    def state(self) -> ReviewTaskState:
        return ReviewTaskState.objects.get(is_open=True, subject_id=self.article().pk)


def provided() -> frozenset[str]:
    return frozenset(_providers)


@provide(
    "articles:show",
    "articles:edit",
    "articles:history",
    "articles:compare",
    "articles:preview",
    "articles:submit",
    "articles:recall",
    "articles:unschedule",
    "articles:withdraw",
    "articles:restore",
    "articles:retract",
    "articles:discard",
    "articles:placements",
    "articles:place",
)
def article(samples: Samples) -> Parameters:
    return {"pk": samples.article().pk}


@provide("articles:decide")
def placement(samples: Samples) -> Parameters:
    column = samples.world.columns["jyj/tzgg"]
    row = Placement.objects.create(article=samples.article(), column=column, state=PlacementState.PROPOSED)
    return {"placement_id": row.pk, "verb": "adopt"}


@provide("articles:movein_batch", "articles:movein_decide")
def batch(samples: Samples) -> Parameters:
    world = samples.world
    site, column = world.sites["jyj"], world.columns["jyj/gzdt"]
    return {"pk": MoveInBatch.objects.create(site=site, column=column, unit=site.unit, folder=f"/{MARK}").pk}


@provide("articles:movein_item")
def item(samples: Samples) -> Parameters:
    batch_id = samples.parameters("articles:movein_batch")["pk"]
    verdict = MoveInVerdict.TAKEN
    return {
        "pk": MoveInItem.objects.create(batch_id=batch_id, file=f"{MARK}.html", digest="0" * 64, verdict=verdict).pk
    }


@provide("files:thumbnail")
def file(samples: Samples) -> Parameters:
    unit = samples.world.units["jyj"]
    facts = {"extension": "png", "content_type": "image/png", "size": 1, "sha256": "0" * 64}
    return {"pk": StoredFile.objects.create(unit=unit, kind=FileKind.IMAGE, name=f"{MARK}.png", **facts).pk}


@provide("leaders:edit", "leaders:delete", "leaders:history", "leaders:history_results", "leaders:usage")
def leader(samples: Samples) -> Parameters:
    unit = samples.world.units["jyj"]
    return {"pk": Leader.objects.create(unit=unit, name=MARK, title="局长").pk}


@provide("notices:open")
def notice(samples: Samples) -> Parameters:
    return {"pk": Notice.objects.create(user=samples.world.people["editor"], title=MARK).pk}


@provide("review:decide", "review:preview")
def state(samples: Samples) -> Parameters:
    return {"pk": samples.state().pk}


@provide("review:sheet")
def sheet(samples: Samples) -> Parameters:
    return {"app_label": "articles", "model": "article", "pk": samples.article().pk}


@provide("review:difference")
def difference(samples: Samples) -> Parameters:
    head = samples.world.people["head"]
    revision: Revision = articles.amend(article=samples.article(), by=head, body=f"<p>{MARK}改过的正文。</p>")
    return {"pk": SheetLine.objects.get(revision_id=revision.pk, verb="correct").pk}


@provide("sites:columns", "sites:ask", "sites:home", "sites:add_block")
def site(samples: Samples) -> Parameters:
    return {"pk": samples.world.sites["jyj"].pk}


@provide("sites:edit_block", "sites:act_on_block")
def block(samples: Samples) -> Parameters:
    return {"pk": HomeBlock.objects.create(site=samples.world.sites["jyj"], kind="news", title=MARK).pk}


@provide("sites:request")
def request(samples: Samples) -> Parameters:
    site = samples.world.sites["jyj"]
    wish = {"kind": RequestKind.ADD, "name": MARK, "slug": "x", "reason": MARK}
    return {"pk": ColumnRequest.objects.create(site=site, unit=site.unit, **wish).pk}


@provide("units:filing")
def unit(samples: Samples) -> Parameters:
    return {"pk": samples.world.units["jyj"].pk}


@provide("units:deputise", "units:end")
def post(samples: Samples) -> Parameters:
    return {"pk": Post.objects.get(user=samples.world.people["head"]).pk}


@provide("wagtailadmin_editing_sessions:ping")
def editing_session(samples: Samples) -> Parameters:
    pk = samples.parameters("leaders:edit")["pk"]
    return {"app_label": "units", "model_name": "leader", "object_id": pk, "session_id": 1}


@provide("cases:show", "cases:reveal", "cases:sheet")
def case(samples: Samples) -> Parameters:
    words = {"title": f"{MARK}校门口堵车", "text": f"{MARK}请派人疏导。"}
    return {"pk": Desk(samples.world).case(CaseState.HANDLING, **words).pk}


@provide("cases:step")
def deed(samples: Samples) -> Parameters:
    return {**samples.parameters("cases:show"), "deed": "progress"}


@provide("letters_office:copy", "letters_office:document", "letters_office:petition")
def letter(samples: Samples) -> Parameters:
    return samples.parameters("cases:show")


@provide("letters_office:template")
def reply_template(samples: Samples) -> Parameters:
    unit = samples.world.units["jyj"]
    return {"pk": ReplyTemplate.objects.create(unit=unit, title=f"{MARK}模板", text=MARK).pk}


@provide("cases:file")
def case_file(samples: Samples) -> Parameters:
    return {**samples.parameters("cases:show"), "file": 1}
