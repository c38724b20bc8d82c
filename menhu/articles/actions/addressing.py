"""Addresses of articles: made at the first publication on a site, never changed, never given away."""

from menhu.articles import tags
from menhu.articles.models import Article, ArticleAddress
from menhu.articles.rules import article_path, month_of_path, month_prefix
from menhu.sites.models import Site


def open_addresses(article: Article) -> set[str]:
    """Give the article an address on its home site and on every site where it is listed; returns the changed tags."""
    listed = Site.objects.filter(columns__placements__in=article.placements.listed())
    sites = {site.pk: site for site in [article.site, *listed]}
    taken = set(article.addresses.values_list("site_id", flat=True))
    missing = [site for pk, site in sorted(sites.items()) if pk not in taken]
    return {tag for site in missing for tag in _open(article, site)}


def standing_tags(article: Article) -> set[str]:
    """What shows that the article's addresses stand, or no longer do: the sitemap part of each."""
    pairs = article.addresses.values_list("site_id", "path")
    return {tags.sitemap(site_id, month_of_path(path)) for site_id, path in pairs}


def _open(article: Article, site: Site) -> set[str]:
    assert article.published_at is not None  # noqa: S101 - the caller has just published it
    path = article_path(site.prefix, article.published_at, article.pk)
    month = month_prefix(path)
    others = ArticleAddress.objects.filter(host=site.host, path__gte=month, path__lt=month[:-1] + "0", site=site)
    changed = set() if others.exists() else {tags.sitemap_months(site.pk)}
    ArticleAddress.objects.create(article=article, site=site, host=site.host, path=path)
    return changed | {tags.sitemap(site.pk, month_of_path(path))}
