"""What the actions under test announced."""

from menhu.delivery.models import Change, Lane


def announced() -> dict[str, Lane]:
    """The announced tags with the most urgent lane of each; the outbox is empty afterwards."""
    rows = {change.tag: Lane(change.lane) for change in Change.objects.order_by("-lane", "pk")}
    Change.objects.all().delete()
    return rows


def tags() -> set[str]:
    return set(announced())
