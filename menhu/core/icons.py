"""One set of line icons on a 24-unit grid, stroke 1.5, round ends; always decoration beside a word."""

from typing import Final, Literal

from markupsafe import Markup

Size = Literal["s", "m", "l"]

_CLASSES: Final[dict[Size, str]] = {"s": "i i-s", "m": "i", "l": "i i-l"}

_SHAPES: Final[dict[str, str]] = {
    "archive": '<path d="M3.5 4.5h17v4h-17zM5 8.5v11h14v-11M9.5 12.5h5"/>',
    "back": '<path d="m15 6-6 6 6 6"/>',
    "bag": '<path d="M5 8.5h14l1 12H4zM8.5 11V7a3.5 3.5 0 0 1 7 0v4"/>',
    "bell": '<path d="M6 16.5V11a6 6 0 0 1 12 0v5.5l1.5 2h-15zM10 21h4"/>',
    "book": '<path d="M12 6.5C9.5 4.8 6.8 4.5 3.5 4.8v13.4c3.3-.3 6 0 8.5 1.8 2.5-1.8 5.2-2.1 8.5-1.8V4.8'
    'c-3.3-.3-6 0-8.5 1.7zM12 6.5V20"/>',
    "briefcase": '<rect x="3" y="7.5" width="18" height="12" rx="1.5"/><path d="M9 7.5V5.5A1.5 1.5 0 0 1 10.5 4h3'
    'A1.5 1.5 0 0 1 15 5.5v2M3 13h18M12 12v2"/>',
    "building": '<path d="M5 20.5V5.5l8-2v17M13 8.5h6v12M3 20.5h18M8 9h2M8 12.5h2M8 16h2M16 12h.01M16 15.5h.01"/>',
    "bus": '<rect x="4.5" y="4" width="15" height="13" rx="2"/><path d="M4.5 11.5h15M7.5 20v-3M16.5 20v-3'
    'M8 14.3h.01M16 14.3h.01"/>',
    "calendar": '<rect x="3.5" y="5.5" width="17" height="15" rx="1.5"/><path d="M3.5 10h17M8 3.5v4M16 3.5v4"/>',
    "camera": '<path d="M3.5 7.5h4l1.5-3h6l1.5 3h4v12h-17z"/><circle cx="12" cy="13" r="3.5"/>',
    "capitol": '<path d="M3.5 9.5 12 4l8.5 5.5zM5.5 10v8M10 10v8M14 10v8M18.5 10v8M3.5 20.5h17"/>',
    "chart": '<path d="M4 4v16h16M8 16v-4M12.5 16V8M17 16v-6"/>',
    "check": '<path d="m5 12.5 4.5 4.5L19 7.5"/>',
    "child": '<circle cx="12" cy="9" r="5.5"/><path d="M10 8.3v.4M14 8.3v.4M10 11.3c1.2 1 2.8 1 4 0'
    'M5 21c.8-3.6 3.6-5.5 7-5.5s6.2 1.9 7 5.5M12 3.5c0-1.2.7-1.7 1.5-1.7"/>',
    "clip": '<path d="m18.5 11-7 7a4.2 4.2 0 0 1-6-6l7.5-7.5a2.8 2.8 0 0 1 4 4L9.5 16a1.4 1.4 0 0 1-2-2l6.5-6.5"/>',
    "clock": '<circle cx="12" cy="12" r="8.5"/><path d="M12 7v5.2l3.4 2"/>',
    "close": '<path d="m6 6 12 12M18 6 6 18"/>',
    "copy": '<rect x="8" y="8" width="12" height="12.5" rx="1.5"/><path d="M16 8V3.5H4V16h4"/>',
    "cross": '<rect x="4" y="4" width="16" height="16" rx="2"/><path d="M12 8.5v7M8.5 12h7"/>',
    "down": '<path d="m6 9 6 6 6-6"/>',
    "download": '<path d="M12 4v11M7.5 11l4.5 4.5 4.5-4.5M5 19.5h14"/>',
    "drop": '<path d="M12 3.5c3.7 4.4 6 7.4 6 10.5a6 6 0 0 1-12 0c0-3.1 2.3-6.1 6-10.5z"/><path d="M9 14.5'
    'a3 3 0 0 0 3 3"/>',
    "elder": '<circle cx="10" cy="5" r="2.2"/><path d="M10 8.5v6l-2.5 6M10 14.5l3 6M10 10.5l4 2.5M18 12.8'
    'a2 2 0 0 0-4 .2M18 12.8v7.7"/>',
    "eye": '<path d="M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12z"/>'
    '<circle cx="12" cy="12" r="3"/>',
    "factory": '<path d="M3.5 20.5v-10l5.5 3v-3l5.5 3v-9h4l2 16zM8 17h.01M12 17h.01M16 17h.01"/>',
    "file": '<path d="M6.5 3.5h7l5 5v12h-12z"/><path d="M13.5 3.5v5h5M9.5 13h6M9.5 16.5h6"/>',
    "flag": '<path d="M6 21V4M6 5c4-2.4 8 2.2 12 0v9c-4 2.2-8-2.4-12 0"/>',
    "forward": '<path d="m9 6 6 6-6 6"/>',
    "globe": '<circle cx="12" cy="12" r="8.5"/><path d="M3.5 12h17M12 3.5c5 5 5 12 0 17-5-5-5-12 0-17z"/>',
    "heart": '<path d="M12 19.5S4 15 4 9.7A4.2 4.2 0 0 1 12 7.5a4.2 4.2 0 0 1 8 2.2c0 5.3-8 9.8-8 9.8z"/>',
    "home": '<path d="M3.5 11 12 4l8.5 7M6 9.2V20h12V9.2M10 20v-5.5h4V20"/>',
    "inbox": '<path d="M4 13.5 6.5 5h11L20 13.5V19H4z"/><path d="M4 13.5h4.5l1.2 2.5h4.6l1.2-2.5H20"/>',
    "info": '<circle cx="12" cy="12" r="8.5"/><path d="M12 11v5.5M12 7.7h.01"/>',
    "landscape": '<path d="m2.5 19 6.5-10 4 6 3-4 5.5 8zM17 7.5h.01"/><circle cx="17" cy="6.5" r="2"/>',
    "list": '<path d="M9 6.5h11M9 12h11M9 17.5h11M4.5 6.5h.01M4.5 12h.01M4.5 17.5h.01"/>',
    "mail": '<rect x="3" y="5.5" width="18" height="13" rx="1.5"/><path d="m3.5 7 8.5 6 8.5-6"/>',
    "map": '<path d="M3.5 6.5 9 4.5l6 2 5.5-2v13l-5.5 2-6-2-5.5 2zM9 4.5v13M15 6.5v13"/>',
    "minus": '<path d="M6 12h12"/>',
    "outer": '<path d="M13.5 4.5h6v6M19.5 4.5 11 13M17 13.5v6H4.5V7h6"/>',
    "pen": '<path d="M4.5 19.5 5.5 15 16 4.5l3.5 3.5L9 18.5z"/><path d="m13.5 7 3.5 3.5"/>',
    "people": '<circle cx="9" cy="8.5" r="3.5"/><path d="M2.5 19.5c.6-3.8 3-5.8 6.5-5.8s5.9 2 6.5 5.8M15.5 5.4'
    'a3.3 3.3 0 0 1 0 6.3M17.5 14.2c2.2.6 3.5 2.4 4 5.3"/>',
    "phone": '<path d="M6 3.5h3l1.5 4.5-2 1.5a12 12 0 0 0 6 6l1.5-2 4.5 1.5v3a2 2 0 0 1-2.2 2'
    'A15.5 15.5 0 0 1 4 5.7 2 2 0 0 1 6 3.5z"/>',
    "plus": '<path d="M6 12h12M12 6v12"/>',
    "print": '<path d="M7 8V3.5h10V8M7 17H4.5V9.5A1.5 1.5 0 0 1 6 8h12a1.5 1.5 0 0 1 1.5 1.5V17H17"/><path d="'
    'M7 14h10v6.5H7z"/>',
    "rss": '<path d="M5 11a8 8 0 0 1 8 8M5 5a14 14 0 0 1 14 14"/><circle cx="6" cy="18" r="1.2"/>',
    "scale": '<path d="M12 4v16M7.5 20h9M5 7h14M5 7l-2.5 6a2.7 2.7 0 0 0 5 0zM19 7l-2.5 6a2.7 2.7 0 0 0 5 0z"/>',
    "school": '<path d="M2.5 9.5 12 5l9.5 4.5L12 14z"/><path d="M6.5 11.5V16c3 2.4 8 2.4 11 0v-4.5M21.5 9.5V15"/>',
    "search": '<circle cx="11" cy="11" r="6.5"/><path d="m16 16 4.5 4.5"/>',
    "send": '<path d="M20.5 3.5 10 14M20.5 3.5 14 20.5 10 14l-6.5-4z"/>',
    "shield": '<path d="M12 3.5 5 6v5.5c0 4.4 2.9 7.6 7 9 4.1-1.4 7-4.6 7-9V6z"/><path d="m9 12 2.2 2.2L15.5 10"/>',
    "shop": '<path d="M4 9.5 5.5 4.5h13L20 9.5M4 9.5'
    "a2.67 2.67 0 0 0 5.33 0 2.67 2.67 0 0 0 5.34 0 2.67 2.67 0 0 0 5.33 0M5.5 12.5V20h13v-7.5"
    'M10 20v-4.5h4V20"/>',
    "sprout": '<path d="M12 21v-9M12 12c0-4-2.5-6.5-7.5-6.5C4.5 9.5 7 12 12 12zM12 15'
    'c0-3.2 2.2-5.5 7.5-5.5 0 3.5-2.5 5.5-7.5 5.5z"/>',
    "star": '<path d="m12 4 2.5 5.2 5.5.8-4 4 1 5.7-5-2.7-5 2.7 1-5.7-4-4 5.5-.8z"/>',
    "sun": '<circle cx="12" cy="12" r="3"/><path d="M12 3.5v3M12 17.5v3M3.5 12h3M17.5 12h3M6 6l2.1 2.1'
    'M15.9 15.9 18 18M18 6l-2.1 2.1M8.1 15.9 6 18"/>',
    "tree": '<path d="M9.5 3.5h5v4h-5zM3.5 16.5h5v4h-5zM15.5 16.5h5v4h-5zM12 7.5V12M6 16.5V12h12v4.5"/>',
    "truck": '<path d="M2.5 6.5h11v10h-11zM13.5 10h4l4 3.5v3h-8z"/><circle cx="7" cy="17.5" r="1.8"/>'
    '<circle cx="17" cy="17.5" r="1.8"/>',
    "warn": '<path d="M12 4 2.8 19.5h18.4zM12 10v4.5M12 17h.01"/>',
    "yuan": '<circle cx="12" cy="12" r="8.5"/><path d="M8.5 7.5 12 12l3.5-4.5M12 12v5M9 12.5h6M9 15h6"/>',
}

NAMES: Final = tuple(sorted(_SHAPES))


def icon(name: str, size: Size = "m") -> Markup:
    """One icon, hidden from screen readers. Raises KeyError for a name that is not in the set."""
    return Markup(  # noqa: S704 - constants of this module only
        f'<svg class="{_CLASSES[size]}" viewBox="0 0 24 24" aria-hidden="true" focusable="false">{_SHAPES[name]}</svg>'
    )
