"""Bringing a database to the tables of this version."""

from collections.abc import Callable
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from app.infra import ddl
from app.infra.db import Database

FOLDER = Path(__file__).parents[2] / "migrations"


class BrokenReferences(Exception):
    """After the migration some rows point at nothing; nothing of it was kept."""


def upgrade(database: Database, revision: str = "head") -> None:
    """Run what is missing, in one transaction. Safe to run again."""
    _run(database, lambda config: command.upgrade(config, revision))


def downgrade(database: Database, revision: str) -> None:
    """Go back to an older revision (`base`: to nothing)."""
    _run(database, lambda config: command.downgrade(config, revision), triggers=revision != "base")


def current(database: Database) -> str | None:
    """The revision that the database is at; None when it is empty."""
    with database.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def head() -> str | None:
    """The revision of this version's tables."""
    return ScriptDirectory.from_config(config_for()).get_current_head()


def knows(revision: str) -> bool:
    """True for a revision of this version or of an earlier one."""
    return any(script.revision == revision for script in ScriptDirectory.from_config(config_for()).walk_revisions())


def config_for(connection: Connection | None = None) -> Config:
    """Alembic's view of the migrations, run on this connection."""
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    config.attributes["connection"] = connection
    return config


def _run(database: Database, act: Callable[[Config], object], *, triggers: bool = True) -> None:
    with database.engine.execution_options(write=True).connect() as connection:
        if database.is_sqlite:
            raw = connection.connection.dbapi_connection
            assert raw is not None
            raw.execute("PRAGMA foreign_keys=OFF")
        try:
            with connection.begin():
                act(config_for(connection))
                if triggers:
                    ddl.create_triggers(connection)
                if database.is_sqlite and connection.exec_driver_sql("PRAGMA foreign_key_check").first():
                    raise BrokenReferences
        finally:
            if database.is_sqlite:
                raw.execute("PRAGMA foreign_keys=ON")  # type: ignore[union-attr]
