"""What an article would look like, for those who write and review it. The one page here that is never published."""

from dataclasses import replace

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from menhu.articles.contexts import ArticlePage
from menhu.articles.models import Article
from menhu.articles.public.articles import document_card, genre_marks, shown_attachment
from menhu.articles.public.bodies import shown
from menhu.core.frames import ArticleTags, Banner, Head
from menhu.core.jinja import render_bytes
from menhu.core.sanitising import clean_article_html
from menhu.sites.public.addresses import absolute
from menhu.sites.public.framing import crumbs, frame_for


def render_preview(request: HttpRequest, article: Article) -> HttpResponse:
    """The article as it stands in memory, saved or not, in the frame of its own site; nothing is written."""
    response = HttpResponse(render_bytes(preview_page(article)))
    response["X-Robots-Tag"] = "noindex"
    return response


def preview_page(article: Article) -> ArticlePage:
    """The page of a draft: without address, neighbours and lists, marked as a preview."""
    site = article.site
    title = article.title or _("（还没有标题）")
    source = article.source or site.unit.name
    at = timezone.localtime(article.published_at or article.go_live_at or timezone.now())
    tags = ArticleTags(title=title, published_at=at, source=source)
    notice = Banner(text=_("预览：这一版还没有发布，公众看不到。"), label=_("预览"))
    return ArticlePage(
        frame=replace(frame_for(site), banners=(notice,)),
        head=Head(title=title, url=absolute(site, "/"), article=tags, is_indexed=False),
        crumbs=crumbs(site, last=_("预览")),
        title=title,
        subtitle=article.subtitle,
        source=source,
        author=article.author,
        published_at=at,
        body=shown(clean_article_html(article.body)),
        tags=genre_marks(article),
        editor=article.responsible_editor,
        document=document_card(article),
        attachments=tuple(shown_attachment(row) for row in article.attachments.all() if row.file_id),
    )
