"""Every address of the back office, as Django's resolver knows it."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, resolve, reverse

from menhu.core.office import PREFIX, UrlClass, class_of

# Any value that a converter takes; what is refused must be refused whatever stands there.
FILLERS: Mapping[str, Any] = {"IntConverter": 1, "StringConverter": "1", "SlugConverter": "x", "PathConverter": "x"}


@dataclass(frozen=True, slots=True)
class Address:
    """A URL pattern below /office/: its full name, and the parameters that it takes with a filler for each."""

    name: str
    route: str
    parameters: Mapping[str, Any]

    @property
    def url_class(self) -> UrlClass | None:
        return class_of(self.name)

    def at(self, **values: Any) -> str | None:
        """The address with these values, None where Django cannot write it."""
        try:
            return reverse(self.name, kwargs={**self.parameters, **values})
        except NoReverseMatch:
            return None

    def is_served_at(self, path: str) -> bool:
        """Whether this pattern answers there; an earlier one may stand before it."""
        return resolve(path).view_name == self.name


def office_addresses() -> list[Address]:
    """All of them, Wagtail's included, in the order of asking."""
    found = _walk(get_resolver().url_patterns, "", {}, [])
    return [address for address in found if f"/{address.route}".startswith(PREFIX)]


def _walk(
    patterns: list[URLPattern | URLResolver], route: str, parameters: dict[str, Any], spaces: list[str]
) -> Iterator[Address]:
    for pattern in patterns:
        here = route + str(pattern.pattern)
        takes = {**parameters, **_parameters(pattern)}
        if isinstance(pattern, URLResolver):
            inside = [*spaces, pattern.namespace] if pattern.namespace else spaces
            yield from _walk(pattern.url_patterns, here, takes, inside)
        else:
            name = pattern.name or pattern.lookup_str
            yield Address(":".join([*spaces, name]), here, takes)


def _parameters(pattern: URLPattern | URLResolver) -> dict[str, Any]:
    converters = pattern.pattern.converters
    if converters:
        return {name: FILLERS[type(converter).__name__] for name, converter in converters.items()}
    return dict.fromkeys(re.compile(str(pattern.pattern)).groupindex, "1")
