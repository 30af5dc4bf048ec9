"""A PostgreSQL database brought back to what it was after a test: faster than making it anew for each."""

from collections.abc import Iterable
from typing import Any

import psycopg
from psycopg import sql

LONGEST_WAIT = "5s"
_COLUMNS = """
SELECT c.relname, array_agg(a.attname ORDER BY a.attnum) FILTER (WHERE a.attgenerated = '')
FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace GROUP BY c.relname
"""
_SEQUENCES = "SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = 'public'"


def _looking_at(names: Iterable[str]) -> sql.Composed:
    look = sql.SQL("SELECT {}, count(*), max(xmin::text::bigint) FROM {}")
    return sql.SQL(" UNION ALL ").join(look.format(sql.Literal(name), sql.Identifier(name)) for name in names)


class Restoring:
    """Remembers every row of a database. What a test changed is told by counts and by who wrote a row last."""

    def __init__(self, url: str) -> None:
        self._connection = psycopg.connect(url, autocommit=True, prepare_threshold=0)
        self._execute("SET session_replication_role = replica")
        self._execute(f"SET lock_timeout = '{LONGEST_WAIT}'")
        self._columns: dict[str, list[str]] = dict(self._execute(_COLUMNS).fetchall())
        self._execute("CREATE SCHEMA kept")
        for name in self._columns:
            self._execute(sql.SQL("CREATE TABLE kept.{0} AS TABLE public.{0}").format(sql.Identifier(name)))
        self._all = _looking_at(self._columns)
        self._seen = self._look(self._all)
        self._numbers = dict(self._execute(_SEQUENCES).fetchall())

    def restore(self) -> None:
        """Make every row as it was. Raises psycopg.errors.LockNotAvailable where a test left something open."""
        found = self._look(self._all)
        changed = [name for name, look in found.items() if look != self._seen[name]]
        with self._connection.transaction():
            for name in changed:
                self._refill(name)
            for name, number in self._execute(_SEQUENCES).fetchall():
                if number != self._numbers[name]:
                    kept = self._numbers[name]
                    self._execute("SELECT setval(%s::regclass, %s, %s)", (name, kept or 1, kept is not None))
        if changed:
            self._seen |= self._look(_looking_at(changed))

    def close(self) -> None:
        """Let go of the database."""
        self._connection.close()

    def _refill(self, name: str) -> None:
        columns = sql.SQL(", ").join(map(sql.Identifier, self._columns[name]))
        self._execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(name)))
        copy = sql.SQL("INSERT INTO public.{0} ({1}) OVERRIDING SYSTEM VALUE SELECT {1} FROM kept.{0}")
        self._execute(copy.format(sql.Identifier(name), columns))

    def _look(self, looking: sql.Composed) -> dict[str, tuple[int, int | None]]:
        return {name: (count, newest) for name, count, newest in self._execute(looking).fetchall()}

    def _execute(self, statement: Any, values: tuple[Any, ...] = ()) -> "psycopg.Cursor[Any]":
        return self._connection.execute(statement, values or None)
