from menhu.notices.actions import notify
from menhu.units.enums import Role
from menhu.units.models import Unit
from menhu.units.policies import holders


def tell_webmasters(title: str, text: str) -> None:
    """Put a notice before the webmasters of the whole install."""
    root = Unit.objects.filter(parent=None).order_by("pk").first()
    if root is not None:
        notify(holders({Role.WEBMASTER}, root), title=title, body=text)
