from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class CoreConfig(AppConfig):
    name = "menhu.core"
    label = "core"
    verbose_name = "核心"

    def ready(self) -> None:
        from menhu.core import proof

        proof.declare_figures()
        post_migrate.connect(_seed_figures, sender=self, dispatch_uid="core.figures")


def _seed_figures(**_kwargs: Any) -> None:
    """Make the rows of figures that apps declare, so that the webmaster can see and edit them."""
    from menhu.core.figures import seed

    seed()
