"""The database itself refuses to change the trail, whoever asks: triggers for SQLite and PostgreSQL.

Events younger than six months (183 days, spelled out because migrations run these statements) cannot be deleted at
all; older ones only go by the retention job.
"""

from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

_SQLITE = (
    """CREATE TRIGGER audit_event_no_update BEFORE UPDATE ON audit_event
    BEGIN SELECT RAISE(ABORT, 'the trail is append-only'); END""",
    """CREATE TRIGGER audit_event_no_delete BEFORE DELETE ON audit_event
    WHEN OLD.at > datetime('now', '-183 days')
    BEGIN SELECT RAISE(ABORT, 'the trail is append-only'); END""",
    """CREATE TRIGGER audit_seal_no_update BEFORE UPDATE ON audit_seal
    BEGIN SELECT RAISE(ABORT, 'the trail is append-only'); END""",
    """CREATE TRIGGER audit_seal_no_delete BEFORE DELETE ON audit_seal
    WHEN EXISTS (SELECT 1 FROM audit_event WHERE id = OLD.event_id
                 AND at > datetime('now', '-183 days'))
    BEGIN SELECT RAISE(ABORT, 'the trail is append-only'); END""",
)
_POSTGRESQL = (
    """CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP = 'DELETE' THEN
            IF TG_TABLE_NAME = 'audit_event' THEN
                IF OLD.at <= now() - interval '183 days' THEN RETURN OLD; END IF;
            ELSIF NOT EXISTS (SELECT 1 FROM audit_event WHERE id = OLD.event_id
                              AND at > now() - interval '183 days') THEN
                RETURN OLD;
            END IF;
        END IF;
        RAISE EXCEPTION 'the trail is append-only';
    END $$""",
    """CREATE TRIGGER audit_event_refuse BEFORE UPDATE OR DELETE ON audit_event
    FOR EACH ROW EXECUTE FUNCTION audit_refuse()""",
    """CREATE TRIGGER audit_seal_refuse BEFORE UPDATE OR DELETE ON audit_seal
    FOR EACH ROW EXECUTE FUNCTION audit_refuse()""",
    """CREATE TRIGGER audit_event_refuse_truncate BEFORE TRUNCATE ON audit_event
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()""",
    """CREATE TRIGGER audit_seal_refuse_truncate BEFORE TRUNCATE ON audit_seal
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()""",
)
_UNDO_SQLITE = tuple(
    f"DROP TRIGGER IF EXISTS audit_{table}_no_{verb}" for table in ("event", "seal") for verb in ("update", "delete")
)
_UNDO_POSTGRESQL = ("DROP FUNCTION IF EXISTS audit_refuse() CASCADE",)


def install(apps: Any, schema_editor: BaseDatabaseSchemaEditor) -> None:
    _execute(schema_editor, {"sqlite": _SQLITE, "postgresql": _POSTGRESQL})


def remove(apps: Any, schema_editor: BaseDatabaseSchemaEditor) -> None:
    _execute(schema_editor, {"sqlite": _UNDO_SQLITE, "postgresql": _UNDO_POSTGRESQL})


def are_installed(connection: BaseDatabaseWrapper) -> bool:
    """Whether the triggers stand; a later migration that rebuilds a table on SQLite would drop them."""
    wanted = {"sqlite": 4, "postgresql": 4}[connection.vendor]
    catalogue = {
        "sqlite": "SELECT COUNT(*) FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'audit_%'",
        "postgresql": "SELECT COUNT(*) FROM pg_trigger WHERE tgname LIKE 'audit_%' AND tgenabled <> 'D'",
    }
    with connection.cursor() as cursor:
        cursor.execute(catalogue[connection.vendor])
        found: int = cursor.fetchone()[0]
    return found == wanted


def _execute(schema_editor: BaseDatabaseSchemaEditor, statements: dict[str, tuple[str, ...]]) -> None:
    for statement in statements[schema_editor.connection.vendor]:
        schema_editor.execute(statement, params=None)
