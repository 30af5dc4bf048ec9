"""What tables cannot say and both databases must keep: triggers, by kind of database.

Each module that needs one registers it beside its table; migrations create what is registered (batch operations on
SQLite drop the triggers of a table, so a migration that rebuilds one calls `create_triggers` again).
"""

from sqlalchemy import Connection, inspect, text

_append_only: list[str] = []
_extra: dict[str, list[tuple[str, tuple[str, ...]]]] = {"sqlite": [], "postgresql": []}


def append_only(table: str) -> None:
    """Refuse update and delete on a table, whoever asks."""
    if table not in _append_only:
        _append_only.append(table)


def extra(dialect: str, table: str, *statements: str) -> None:
    """Register statements that create a table's other triggers and indexes on one kind of database."""
    if (table, statements) not in _extra[dialect]:
        _extra[dialect].append((table, statements))


def create_triggers(connection: Connection) -> None:
    """Create every registered trigger whose table is there: at an older revision some are not. Safe to run again."""
    dialect = connection.dialect.name
    present = set(inspect(connection).get_table_names())
    for table in present.intersection(_append_only):
        for statement in _append_only_sql(dialect, table):
            connection.execute(text(statement))
    for table, statements in _extra[dialect]:
        if table in present:
            for statement in statements:
                connection.exec_driver_sql(statement.replace("%", "%%") if dialect == "postgresql" else statement)


def _append_only_sql(dialect: str, table: str) -> list[str]:
    if dialect == "sqlite":
        return [
            f"CREATE TRIGGER IF NOT EXISTS {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            for verb in ("UPDATE", "DELETE")
        ]
    return [
        f"CREATE OR REPLACE FUNCTION {table}_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{table} is append-only'; END $$",
        f"DROP TRIGGER IF EXISTS {table}_append_only ON {table}",
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION {table}_append_only()",
    ]
