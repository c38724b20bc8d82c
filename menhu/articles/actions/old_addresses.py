"""The address that a moved-in article had on its old site leads to its new page (301)."""

from urllib.parse import unquote, urlsplit

from menhu.articles.models import Article
from menhu.delivery.hosts import canonical_host
from menhu.sites.models import Redirect
from menhu.sites.public.addresses import origin


def keep_old_address(article: Article) -> None:
    """Lead the old address to the article's page on its home site; an address that leads somewhere keeps doing so."""
    old = _old_address(article.original_url) if article.original_url else None
    if old is None:
        return
    new = article.addresses.get(site_id=article.site_id)
    if old == (new.host, new.path):
        return
    host, path = old
    target = new.path if host == new.host else f"{origin(article.site)}{new.path}"
    Redirect.objects.get_or_create(host=host, path=path, defaults={"target": target})


def _old_address(url: str) -> tuple[str, str] | None:
    """Host and path (with its query) as a request for the old page names them."""
    try:
        parts = urlsplit(url)
        host = canonical_host(parts.netloc.rpartition("@")[2]) if parts.hostname else ""
    except ValueError:
        return None
    path = (unquote(parts.path) or "/") + (f"?{parts.query}" if parts.query else "")
    longest = Redirect._meta.get_field("path").max_length
    return (host, path) if host and longest is not None and len(path) <= longest else None
