"""How migrations run: on a connection of their own, without foreign keys on SQLite while tables are rebuilt."""

from alembic import context
from sqlalchemy import Connection

from app.infra.db import Base


def run(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=connection.dialect.name == "sqlite",
        compare_type=True,
        include_object=lambda thing, name, kind, reflected, other: not (reflected and other is None and kind == "table"
                                                                        and name.startswith("organization_fts")),
    )  # fmt: skip
    with context.begin_transaction():
        context.run_migrations()


run(context.config.attributes["connection"])
