"""How migrations run: on a connection of their own, without foreign keys on SQLite while tables are rebuilt."""

from typing import Any

from alembic import context
from sqlalchemy import Connection
from sqlalchemy.types import TypeDecorator

from app.infra.db import Base


def keep_out_shadows(thing: Any, name: str, kind: str, reflected: bool, other: Any) -> bool:
    """SQLite's full-text tables belong to the triggers, not to the models."""
    belongs = "_trigrams" in name or "_word_starts" in name
    return not (kind == "table" and reflected and other is None and belongs)


def plain_type(kind: str, thing: Any, _autogenerating: Any) -> str | bool:
    """A migration must not change when a type of ours does: it names what the database stores."""
    return f"sa.{thing.impl_instance!r}" if kind == "type" and isinstance(thing, TypeDecorator) else False


def run(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=True,
        render_item=plain_type,
        compare_type=True,
        include_object=keep_out_shadows,
    )
    with context.begin_transaction():
        context.run_migrations()


run(context.config.attributes["connection"])
