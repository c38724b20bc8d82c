"""Names of what a public page may depend on, as far as articles are concerned (see delivery.reads)."""


def article(article_id: int) -> str:
    """The article itself, as published: its pages and everything that quotes its title."""
    return f"article:{article_id}"


def neighbours(column_id: int, article_id: int) -> str:
    """What stands before and after the article in the column: re-rendered only when a neighbour comes or goes."""
    return f"neighbours:{column_id}:{article_id}"


def archive(column_id: int) -> str:
    """Which month pages a column has (not what stands on them): changes about once a month."""
    return f"archive:{column_id}"


def sitemap(site_id: int, month: str) -> str:
    """The article addresses of a site that came into being in a month ("2026-06"): one part of its sitemap."""
    return f"sitemap:{site_id}:{month}"


def sitemap_months(site_id: int) -> str:
    """Which months have a part in a site's sitemap: its index."""
    return f"sitemap-months:{site_id}"


def news(site_id: int) -> str:
    """Which columns of a site had something new last, and when: its feed, its sitemap of columns."""
    return f"news:{site_id}"


def file(file_id: int) -> str:
    """Whether live articles use an uploaded file: its public copy."""
    return f"file:{file_id}"
