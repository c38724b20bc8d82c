"""The engines' own tables: made by a migration, and after every migrate where they are missing."""

from typing import Any

from django.db import connections
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from menhu.search.engines import postgresql, sqlite

_CREATE = {"sqlite": sqlite.CREATE, "postgresql": postgresql.CREATE}
_DROP = {"sqlite": sqlite.DROP, "postgresql": (postgresql.DROP,)}


def install(apps: Any, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for statement in _CREATE[schema_editor.connection.vendor]:
        schema_editor.execute(statement, params=None)


def remove(apps: Any, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for statement in _DROP[schema_editor.connection.vendor]:
        schema_editor.execute(statement, params=None)


def ensure(sender: Any, using: str, **_kwargs: Any) -> None:
    """After `migrate`."""
    with connections[using].cursor() as cursor:
        for statement in _CREATE[connections[using].vendor]:
            cursor.execute(statement)
