"""Names of what a public page may depend on, as far as sites are concerned (see delivery.reads)."""


def site(site_id: int) -> str:
    """The frame: name, look, header, sections, footer, banner, mourning grey. Every page of the site reads it."""
    return f"site:{site_id}"


def home(site_id: int) -> str:
    """The arrangement of the home page's blocks."""
    return f"home:{site_id}"


def columns(site_id: int) -> str:
    """The tree of columns of a site: site map, sitemap index."""
    return f"columns:{site_id}"


def column(column_id: int) -> str:
    """A column's own words: name, description, parent, form, visibility."""
    return f"column:{column_id}"


def column_list(column_id: int) -> str:
    """The newest items and the pinned ones of a column: head page, feeds, home blocks."""
    return f"list:{column_id}"


def column_bucket(column_id: int, bucket: str) -> str:
    """One month page of a column."""
    return f"bucket:{column_id}:{bucket}"


def directory() -> str:
    """The list of all open sites."""
    return "directory"


def leaders(unit_id: int) -> str:
    """A unit's leaders and duties."""
    return f"leaders:{unit_id}"


def unit(unit_id: int) -> str:
    """A unit's own words: name, address, phone, office hours, duties."""
    return f"unit:{unit_id}"
