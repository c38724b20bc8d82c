"""Home-page blocks that show articles."""

from collections.abc import Mapping, Sequence
from typing import Final

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from menhu.articles.models import Article
from menhu.articles.public import lists
from menhu.core.frames import Link, Picture, Scene
from menhu.sites import contexts
from menhu.sites.blocks import BlockForm, BlockKind, rendered
from menhu.sites.contexts import RenderedBlock
from menhu.sites.models import Column, HomeBlock
from menhu.sites.public.arranging import arranged
from menhu.sites.public.framing import column_url

MOST_TABS: Final = 5
MOST_ENTRIES: Final = 20
LOOKED_AT: Final = 10
TABBED: Final = 7
LISTED: Final = 6


class HeadlineForm(BlockForm):
    columns = forms.ModelMultipleChoiceField(
        Column.objects.none(), label=gettext_lazy("取自栏目"), help_text=gettext_lazy("其中最新一篇有题图的文章。")
    )


class TabsForm(BlockForm):
    columns = forms.ModelMultipleChoiceField(
        Column.objects.none(), label=gettext_lazy("栏目"), help_text=gettext_lazy("最多五个，每个一页。")
    )
    count = forms.IntegerField(label=gettext_lazy("每页条数"), min_value=1, max_value=MOST_ENTRIES, initial=TABBED)

    def clean_columns(self) -> "Sequence[Column]":
        chosen = list(self.cleaned_data["columns"])
        if len(chosen) > MOST_TABS:
            raise forms.ValidationError(_("最多选 %(most)s 个栏目。") % {"most": MOST_TABS})
        return self.cleaned_data["columns"]  # type: ignore[no-any-return] # the queryset, which becomes ids


class ListForm(BlockForm):
    column = forms.ModelChoiceField(Column.objects.none(), label=gettext_lazy("栏目"))
    count = forms.IntegerField(label=gettext_lazy("条数"), min_value=1, max_value=MOST_ENTRIES, initial=LISTED)


def headline(block: HomeBlock) -> RenderedBlock | None:
    """The newest article with a picture in the named columns; without any, the newest with a drawn scene."""
    candidates = _newest(block, arranged(block).named_columns()[:MOST_TABS])
    if not candidates:
        return None
    pictures = _pictures(candidates)
    line = next((line for line in candidates if line.article_id in pictures), candidates[0])
    context = contexts.HeadlineBlock(
        title=line.title,
        url=line.url,
        picture=pictures.get(line.article_id, Scene(seed=line.title)),
        on=line.on,
        source=line.source,
        summary=line.summary,
    )
    return rendered(block, "sites/blocks/headline.html", context)


def _newest(block: HomeBlock, columns: Sequence[Column]) -> list[lists.Listed]:
    found = lists.newest_of_each(block.site, columns, LOOKED_AT)
    members = [line for lines in found.values() for line in lines]
    return sorted(members, key=lambda line: (line.published_at, line.article_id), reverse=True)


def _pictures(found: Sequence[lists.Listed]) -> Mapping[int, Picture]:
    """Title pictures of the articles that have one: one query."""
    rows = Article.objects.live().filter(pk__in=[line.article_id for line in found], cover__width__gt=0)
    values = rows.select_related("cover").only("cover_alt", "cover")
    return {row.pk: picture for row in values if (picture := _picture(row)) is not None}


def _picture(article: Article) -> Picture | None:
    cover = article.cover
    if cover is None or not cover.width or not cover.height:
        return None
    return Picture(url=cover.public_path, alt=article.cover_alt, width=cover.width, height=cover.height)


def tabs(block: HomeBlock) -> RenderedBlock | None:
    """The newest of up to five columns behind tabs."""
    place = arranged(block)
    columns = place.named_columns()[:MOST_TABS]
    if not columns:
        return None
    found = lists.newest_of_each(block.site, columns, place.number("count", TABBED, most=MOST_ENTRIES))
    shown = tuple(
        contexts.Tab(label=column.name, entries=lists.entries(found[column.pk]), more=_more(block, column))
        for column in columns
    )
    name = f"tabs-{block.position}-{columns[0].pk}"
    context = contexts.TabsBlock(label=place.title(_("最新信息")), name=name, tabs=shown)
    return rendered(block, "sites/blocks/tabs.html", context)


def listing(block: HomeBlock) -> RenderedBlock | None:
    """The newest of one column."""
    place = arranged(block)
    column = next(iter(place.named_columns("column")), None)
    if column is None:
        return None
    found = lists.newest(block.site, column, place.number("count", LISTED, most=MOST_ENTRIES))
    context = contexts.ListBlock(
        title=place.title(column.name), entries=lists.entries(found), more=_more(block, column)
    )
    return rendered(block, "sites/blocks/list.html", context)


def _more(block: HomeBlock, column: Column) -> Link:
    return Link(label=_("更多%(name)s") % {"name": column.name}, url=column_url(block.site, column))


KINDS: Final = (
    BlockKind("headline", gettext_lazy("头条图片新闻"), HeadlineForm, headline, width="wide", is_single=True),
    BlockKind("tabs", gettext_lazy("标签页列表"), TabsForm, tabs, width="narrow"),
    BlockKind("list", gettext_lazy("单个列表"), ListForm, listing, width="half"),
)
