"""A file of a case is called by the name its sender gave, in memory; in its row that name lies sealed."""

from typing import Any

from django.db import models

from menhu.core.sealing import SealedTextField
from menhu.files.rules import neutral_name


class OpenNameField(models.CharField[str, str]):
    """What the row says in the open: of a case's file only "附件.jpg", whoever saves it."""

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        file: Any = model_instance
        return neutral_name(file.extension) if file.is_of_case else super().pre_save(model_instance, add)

    def deconstruct(self) -> Any:
        """To migrations it is a plain column."""
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.CharField", args, kwargs


class GivenNameField(SealedTextField):
    """The name that the sender of a case gave; empty for a file of a unit."""

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        file: Any = model_instance
        return file.name if file.is_of_case else ""

    def deconstruct(self) -> Any:
        """To migrations it is a sealed column."""
        name, _path, args, kwargs = super().deconstruct()
        return name, "menhu.core.sealing.SealedTextField", args, kwargs
