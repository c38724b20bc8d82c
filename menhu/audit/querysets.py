from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, NoReturn

from django.apps import apps
from django.db import models, transaction

if TYPE_CHECKING:
    from menhu.audit.models import Event


class AppendOnlyError(RuntimeError):
    """Somebody tried to change or remove what was recorded."""

    def __init__(self) -> None:
        super().__init__("the trail is append-only")


class EventQuerySet(models.QuerySet["Event"]):
    """Events are added and read, nothing else (menhu.audit.retention alone removes what the law lets go)."""

    @transaction.atomic
    def bulk_create(self, objs: Iterable["Event"], *args: Any, **kwargs: Any) -> list["Event"]:
        made = super().bulk_create(objs, *args, **kwargs)
        unsealed = apps.get_model("audit", "Unsealed")
        unsealed._default_manager.bulk_create([unsealed(event=event) for event in made])
        return made

    def newest_first(self) -> "EventQuerySet":
        return self.order_by("-at", "-pk")

    def update(self, **kwargs: Any) -> NoReturn:
        raise AppendOnlyError

    def delete(self) -> NoReturn:
        raise AppendOnlyError
