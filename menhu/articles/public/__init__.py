"""The public face of articles: columns, article pages, feeds, sitemaps, home-page blocks, previews."""

from menhu.articles.public.previews import render_preview

__all__ = ["render_preview"]
