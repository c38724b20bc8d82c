"""Chinese names of verbs: each app names its own in `AppConfig.ready`."""

from collections.abc import Mapping

from django.utils.functional import Promise

_names: dict[str, str | Promise] = {}


def name_verbs(names: Mapping[str, str | Promise]) -> None:
    """Name verbs as people read them, e.g. {"articles.retract": _("撤稿")}."""
    _names.update(names)


def name_of(verb: str) -> str:
    """The name, or the verb itself where nobody named it."""
    return str(_names.get(verb, verb))


def named_verbs() -> list[tuple[str, str]]:
    """(verb, name) in the order of the verbs, for a filter."""
    return sorted((verb, str(name)) for verb, name in _names.items())
