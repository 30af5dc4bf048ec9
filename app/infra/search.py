"""Search as you type, alike on both databases: folded text, prefixes on a b-tree, substrings on trigrams.

Texts are folded before they are kept and before they are compared, so that no query depends on a collation:
kept columns are of the type `folded_text`, ordered by code point everywhere.
"""

import re
import unicodedata
from dataclasses import dataclass
from typing import Any, Self, TypeAlias

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
        ddl.extra("sqlite", self.table, *_sqlite_full_text(self, "tokenize='trigram'"))
        ddl.extra("postgresql", self.table, _postgresql_trigrams(self))
        return self

    def keys_with(self, session: Session, parts: list[str], *, also: list[str], limit: int) -> list[int]:
        """The keys of up to `limit` rows whose text holds every part, in no particular order.

        Parts are folded. Those shorter than three letters are passed over; with no longer one the answer is
        empty. The texts in `also` are held too; they may be of any length and as common as they like.
        """
        long = [part for part in parts if len(part) >= TRIGRAM]
        if not long:
            return []
        if session.get_bind().dialect.name == "sqlite":
            return _sqlite_keys(session, self, " AND ".join(f'"{part}"' for part in long), also, limit)
        if session.scalar(text("SELECT to_regclass(:name)"), {"name": self.name}) is None:
            return []
        sought = [part for part in long + also if len(part) >= TRIGRAM]
        condition = " AND ".join(f"{self.column} LIKE :part_{place}" for place in range(len(sought)))
        values = {f"part_{place}": f"%{part}%" for place, part in enumerate(sought)}
        return _postgresql_keys(session, self, condition, values, also, limit)


@dataclass(frozen=True, slots=True)
class WordStartIndex:
    """A way to find rows that have several words, each so common that none of them is a good lead.

    It knows the first three to five letters of every word of a folded text, in which each word stands after one
    space. SQLite keeps it in a full-text table beside the rows, by triggers; PostgreSQL in an index. `key` is as
    in TrigramIndex.
    """

    table: str
    key: str
    column: str

    @property
    def name(self) -> str:
        """The index on PostgreSQL, the full-text table on SQLite."""
        return f"{self.table}_{self.column}_word_starts"

    def register(self) -> Self:
        """Have it made together with the triggers."""
        plain = "tokenize='unicode61 remove_diacritics 0', detail=none, prefix='3 4 5'"
        ddl.extra("sqlite", self.table, *_sqlite_full_text(self, plain))
        ddl.extra("postgresql", self.table, _WORD_STARTS, _postgresql_starts(self))
        return self

    def knows(self, words: list[str]) -> bool:
        """True when these words can be looked for together: two or more of three letters from the ASCII ones.

        The two databases agree about what a letter is only there.
        """
        return sum(len(word) >= _SHORTEST_START for word in words) > 1 and all(word.isascii() for word in words)

    def keys_with(self, session: Session, words: list[str], *, limit: int) -> list[int]:
        """The keys of up to `limit` rows that have, for each of these, a word that begins so; in no order."""
        starts = [word[:_LONGEST_START] for word in words if len(word) >= _SHORTEST_START]
        also = [f" {word}" for word in words]
        if session.get_bind().dialect.name == "sqlite":
            return _sqlite_keys(session, self, " AND ".join(f'"{start}"*' for start in starts), also, limit)
        values = {f"start_{place}": start for place, start in enumerate(starts)}
        wanted = ", ".join(f":{name}" for name in values)
        condition = f"word_starts({self.column}) @> CAST(ARRAY[{wanted}] AS text[])"
        return _postgresql_keys(session, self, condition, values, also, limit)


_SHORTEST_START, _LONGEST_START = 3, 5
_Index: TypeAlias = TrigramIndex | WordStartIndex


def _sqlite_keys(session: Session, index: _Index, match: str, also: list[str], limit: int) -> list[int]:
    held = "".join(f" AND instr(kept.{index.column}, :also_{place}) > 0" for place in range(len(also)))
    query = (
        f"SELECT kept.{index.key} FROM {index.name} CROSS JOIN {index.table} AS kept "  # noqa: S608
        f"ON kept.{index.key} = {index.name}.rowid WHERE {index.name} MATCH :match{held} LIMIT :limit"
    )
    values = {"match": match, "limit": limit} | {f"also_{place}": part for place, part in enumerate(also)}
    return list(session.scalars(text(query), values))


def _postgresql_keys(
    session: Session, index: _Index, condition: str, values: dict[str, str], also: list[str], limit: int
) -> list[int]:
    """Inside of WITH … MATERIALIZED the limit does not tempt the planner to read the table until it has enough."""
    held = " AND ".join(f"strpos({index.column}, :also_{place}) > 0" for place in range(len(also))) or "true"
    query = (
        f"WITH held AS MATERIALIZED (SELECT {index.key}, {index.column} FROM {index.table} WHERE {condition}) "  # noqa: S608
        f"SELECT {index.key} FROM held WHERE {held} LIMIT :limit"
    )
    return list(
        session.scalars(
            text(query), {**values, "limit": limit, **{f"also_{place}": part for place, part in enumerate(also)}}
        )
    )


def _sqlite_full_text(index: _Index, options: str) -> tuple[str, ...]:
    table, key, column, name = index.table, index.key, index.column, index.name
    forget = f"INSERT INTO {name}({name}, rowid, {column}) VALUES ('delete', old.{key}, old.{column});"  # noqa: S608
    learn = f"INSERT INTO {name}(rowid, {column}) VALUES (new.{key}, new.{column});"  # noqa: S608
    return (
        f"CREATE VIRTUAL TABLE IF NOT EXISTS {name} USING fts5("
        f"{column}, content='{table}', content_rowid='{key}', {options})",
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


# Immutable, as an index on it must be; changing it means to rebuild the indexes. Not safe for parallel workers, so that
# none are started: that takes longer than the search.
_WORD_STARTS = (
    "CREATE OR REPLACE FUNCTION word_starts(folded text) RETURNS text[] LANGUAGE sql IMMUTABLE AS "
    "$$ SELECT array_agg(DISTINCT substr(word, 1, letters)) FROM unnest(string_to_array(folded, ' ')) AS word, "
    "generate_series(3, 5) AS letters WHERE length(word) >= letters $$"
)


def _postgresql_starts(index: WordStartIndex) -> str:
    return f"CREATE INDEX IF NOT EXISTS {index.name} ON {index.table} USING gin (word_starts({index.column}))"
