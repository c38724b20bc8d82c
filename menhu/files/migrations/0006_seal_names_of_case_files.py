from typing import Any

from django.db import migrations

PORTION = 500


def seal_names(apps: Any, schema_editor: Any) -> None:
    """What citizens called their files is sealed; the open name says nothing any more. A portion at a time."""
    rows = apps.get_model("files", "StoredFile")._base_manager.filter(audience="case")
    reached = 0
    while portion := list(rows.filter(pk__gt=reached).order_by("pk")[:PORTION]):
        reached = portion[-1].pk
        unsealed = [row for row in portion if not row.sealed_name]
        for row in unsealed:
            row.sealed_name, row.name = row.name, f"附件.{row.extension}"
        rows.bulk_update(unsealed, ["sealed_name", "name"])


def open_names(apps: Any, schema_editor: Any) -> None:
    rows = apps.get_model("files", "StoredFile")._base_manager.filter(audience="case")
    for row in rows.order_by("pk").iterator(chunk_size=PORTION):
        rows.filter(pk=row.pk).update(name=row.sealed_name or row.name, sealed_name="")


class Migration(migrations.Migration):

    dependencies = [("files", "0005_sealed_names")]

    operations = [migrations.RunPython(seal_names, open_names)]
