"""Search as you type, alike on both databases: folded text, prefixes on a b-tree, substrings on trigrams.

Texts are folded before they are kept and before they are compared, so that no query depends on a collation:
kept columns are of the type `folded_text`, ordered by code point everywhere.
"""

import re
import unicodedata
from dataclasses import dataclass
from typing import Any, Self

from sqlalchemy import Boolean, ColumnElement, String, and_, literal, text
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import InstrumentedAttribute, Session
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeEngine

from app.infra import ddl

TRIGRAM = 3
_LAST = "\U0010ffff"
_APOSTROPHES = re.compile(r"['’‘`´ʼʻ′‛＇]")
_NOT_WORDS = re.compile(r"[\W_]+")
_UNDECOMPOSED = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h", "ŧ": "t"}
)


def fold(text: str) -> str:
    """Text as it is compared: no case, accents or apostrophes, each run of other punctuation one space.

    Letters and digits of any script stay. Folding twice changes nothing.
    """
    if text.isascii():
        plain = _APOSTROPHES.sub("", text.lower())
    else:
        spread = unicodedata.normalize("NFKD", _APOSTROPHES.sub("", text)).casefold()
        spread = unicodedata.normalize("NFKD", spread).translate(_UNDECOMPOSED)
        plain = "".join(letter for letter in spread if not unicodedata.combining(letter))
        plain = _APOSTROPHES.sub("", plain)
    return _NOT_WORDS.sub(" ", plain).strip()


def folded_text(length: int) -> TypeEngine[str]:
    """The type of a column of folded text, ordered by code point on both databases."""
    return String(length).with_variant(String(length, collation="C"), "postgresql")


def starts_with(column: InstrumentedAttribute[Any] | ColumnElement[Any], prefix: str) -> ColumnElement[bool]:
    """The condition that a column of folded text begins so: a range, which a b-tree answers."""
    return and_(column >= prefix, column < prefix + _LAST)


class holds(FunctionElement[bool]):  # noqa: N801 - reads as a function in a query
    """The condition that a text holds another, letter for letter. Deliberately one that no index answers."""

    type = Boolean()
    inherit_cache = True

    def __init__(self, column: ColumnElement[Any] | InstrumentedAttribute[Any], part: str) -> None:
        super().__init__(column, literal(part))


@compiles(holds)
def _holds(element: holds, compiler: SQLCompiler, **options: Any) -> str:
    return f"instr({compiler.process(element.clauses, **options)}) > 0"


@compiles(holds, "postgresql")
def _holds_postgresql(element: holds, compiler: SQLCompiler, **options: Any) -> str:
    return f"strpos({compiler.process(element.clauses, **options)}) > 0"


@dataclass(frozen=True, slots=True)
class TrigramIndex:
    """A way to find rows by three letters or more from the middle of a folded text.

    SQLite keeps it in a full-text table beside the rows, by triggers; `key` must be the table's whole-number
    primary key. PostgreSQL needs its extension pg_trgm: where it is not installed, nothing is found this way.
    """

    table: str
    key: str
    column: str

    @property
    def name(self) -> str:
        """The index on PostgreSQL, the full-text table on SQLite."""
        return f"{self.table}_{self.column}_trigrams"

    def register(self) -> Self:
        """Have it made together with the triggers."""
        ddl.extra("sqlite", self.table, *_sqlite_trigrams(self))
        ddl.extra("postgresql", self.table, _postgresql_trigrams(self))
        return self

    def keys_with(self, session: Session, parts: list[str], *, limit: int) -> list[int]:
        """The keys of up to `limit` rows whose text holds every part, in no particular order.

        Parts are folded. Those shorter than three letters cannot be looked for; with no longer one the answer
        is empty.
        """
        long = [part for part in parts if len(part) >= TRIGRAM]
        bind = session.get_bind()
        if not long:
            return []
        values: dict[str, Any] = {"limit": limit}
        if bind.dialect.name == "sqlite":
            query = f"SELECT rowid FROM {self.name} WHERE {self.name} MATCH :parts LIMIT :limit"  # noqa: S608
            values["parts"] = " AND ".join(f'"{part}"' for part in long)
        elif session.scalar(text("SELECT to_regclass(:name)"), {"name": self.name}) is None:
            return []
        else:
            held = " AND ".join(f"{self.column} LIKE :part_{place}" for place in range(len(long)))
            query = f"SELECT {self.key} FROM {self.table} WHERE {held} LIMIT :limit"  # noqa: S608
            values |= {f"part_{place}": f"%{part}%" for place, part in enumerate(long)}
        return list(session.scalars(text(query), values))


def _sqlite_trigrams(index: TrigramIndex) -> tuple[str, ...]:
    table, key, column, name = index.table, index.key, index.column, index.name
    forget = f"INSERT INTO {name}({name}, rowid, {column}) VALUES ('delete', old.{key}, old.{column});"  # noqa: S608
    learn = f"INSERT INTO {name}(rowid, {column}) VALUES (new.{key}, new.{column});"  # noqa: S608
    return (
        f"CREATE VIRTUAL TABLE IF NOT EXISTS {name} USING fts5("
        f"{column}, content='{table}', content_rowid='{key}', tokenize='trigram')",
        f"CREATE TRIGGER IF NOT EXISTS {name}_learn AFTER INSERT ON {table} BEGIN {learn} END",
        f"CREATE TRIGGER IF NOT EXISTS {name}_forget AFTER DELETE ON {table} BEGIN {forget} END",
        f"CREATE TRIGGER IF NOT EXISTS {name}_mend AFTER UPDATE OF {column} ON {table} BEGIN {forget} {learn} END",
    )


def _postgresql_trigrams(index: TrigramIndex) -> str:
    return (
        "DO $$ BEGIN CREATE EXTENSION IF NOT EXISTS pg_trgm; "
        f"CREATE INDEX IF NOT EXISTS {index.name} ON {index.table} USING gin ({index.column} gin_trgm_ops); "
        "EXCEPTION WHEN insufficient_privilege OR undefined_file OR feature_not_supported THEN "
        "RAISE NOTICE 'pg_trgm is missing: names are not found by letters from their middle'; END $$"
    )
