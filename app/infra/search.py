"""Search as you type, alike on both databases: folded text, prefixes on a b-tree, substrings on trigrams.

Texts are folded before they are kept and before they are compared, so that no query depends on a collation:
kept columns are of the type `folded_text`, ordered by code point everywhere.
"""

import re
import unicodedata
from typing import Any

from sqlalchemy import ColumnElement, String, and_
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.types import TypeEngine

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
