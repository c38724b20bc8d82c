"""Names of what a public page may depend on, as far as articles are concerned (see delivery.reads)."""


def article(article_id: int) -> str:
    """The article itself, as published: its pages and everything that quotes its title."""
    return f"article:{article_id}"


def neighbours(column_id: int, article_id: int) -> str:
    """What stands before and after the article in the column: re-rendered only when a neighbour comes or goes."""
    return f"neighbours:{column_id}:{article_id}"
