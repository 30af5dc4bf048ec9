"""What a sheet is made of: columns, rows by their number in Excel, cells by their address."""

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import date, datetime, time

LONGEST_TEXT = 32_767  # what an Excel cell can hold
_INVISIBLE = re.compile("[\u00ad\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")
# Joiners are letters' glue in Arabic and Indic scripts, and stowaways anywhere else.
_STRAY_JOINER = re.compile(
    "(?<![\u0600-\u0fff\u1780-\u17ff])[\u200c\u200d]|[\u200c\u200d](?![\u0600-\u0fff\u1780-\u17ff])"
)
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Column:
    """A column that a sheet may have.

    `key` names it in the program, `header` in the sheet; `required` means the sheet must have it; `also`
    lists other headings that mean the same. `is_day`: a plain number in it counts days, as Excel does.
    """

    key: str
    header: str
    required: bool = False
    also: tuple[str, ...] = ()
    is_day: bool = False


@dataclass(frozen=True, slots=True)
class Fault:
    """What stands in for the value of a cell that cannot be used.

    `code` is formula (no saved result), error (such as #REF!), control (characters that nobody can see), or
    merged (covered by another cell); `shown` is what Excel shows, or for merged the covering cell's address.
    """

    code: str
    shown: str


Value = str | int | float | bool | date | datetime | time | Fault | None


@dataclass(slots=True)
class Cell:
    """One cell: its value and its address in the file ("B7"; "" for a column that the file does not have)."""

    address: str
    value: Value = None

    @property
    def text(self) -> str:
        """The value as a person would type it: 27601 for 27601.0, dates as MM/DD/YYYY, "" when blank."""
        return as_text(self.value)

    @property
    def fault(self) -> Fault | None:
        """The reason why the value cannot be used, if there is one."""
        return self.value if isinstance(self.value, Fault) else None


@dataclass(slots=True)
class Row:
    """One row: its number in Excel and its cells by the keys of the columns that the file has."""

    number: int
    cells: dict[str, Cell] = field(default_factory=dict)

    def cell(self, key: str) -> Cell:
        """The cell of a column; a blank one without address when the file does not have the column."""
        return self.cells.get(key) or Cell("")

    @property
    def is_blank(self) -> bool:
        """True when nothing is typed in any of its cells."""
        return all(cell.value is None for cell in self.cells.values())


def as_text(value: Value) -> str:
    """A value as a person would type it."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else f"{value:.15g}"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, datetime):
        return f"{value.month:02}/{value.day:02}/{value.year:04} {value:%H:%M}"
    if isinstance(value, date):
        return f"{value.month:02}/{value.day:02}/{value.year:04}"
    if isinstance(value, Fault):
        return "" if value.code == "merged" else value.shown
    return f"{value:%H:%M}"


def clean_text(text: str) -> str | Fault | None:
    """Text without stray spaces and invisible characters, in Unicode form C; None when nothing is left.

    A control character other than a line break or tab makes it a Fault("control").
    """
    if text.isascii() and text.isprintable():
        return " ".join(text.split()) or None
    if _CONTROL.search(text):
        return Fault("control", " ".join(_CONTROL.sub(" ", text).split()))
    text = _STRAY_JOINER.sub("", _INVISIBLE.sub("", text))
    return unicodedata.normalize("NFC", " ".join(text.split())) or None


def header_key(text: str) -> str:
    """A heading reduced to its letters and digits, so that "E-mail *" and "email" are the same."""
    folded = unicodedata.normalize("NFKD", text).casefold()
    return "".join(letter for letter in folded if letter.isalnum())
