"""The tables of every version lead to those that the program means, and back."""

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect

from app.infra import migrations
from app.infra.db import Base


def differences(database):
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        found = compare_metadata(context, Base.metadata)
    return [what for what in found if not (what[0].startswith("remove_") and is_of_a_trigger(str(what[1].name)))]


def is_of_a_trigger(name):
    return "_trigrams" in name or "_word_starts" in name


def test_the_migrations_make_the_tables_that_the_models_mean(database):
    assert migrations.current(database) == migrations.head()
    assert differences(database) == []


def test_every_migration_goes_back_and_forth(database):
    migrations.downgrade(database, "base")
    left = set(inspect(database.engine).get_table_names())
    assert left <= {"alembic_version"}
    migrations.upgrade(database)
    migrations.upgrade(database)
    assert differences(database) == []
