"""The parts of an .xlsx package, each read by a handler that is sent its markup one event at a time."""

import math
import re
from collections.abc import Callable
from datetime import date, datetime, time

from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format, is_timedelta_format

from app.infra.spreadsheet.cells import Fault, Value
from app.infra.spreadsheet.refusals import UnreadableFile

Merge = tuple[int, int, int, int]  # first row, first column, last row, last column
Attributes = dict[str, str]

WIDEST = 100  # columns to the right of this one are not looked at
MOST_MERGES = 1_000
_LAST_ROW = 1_048_576
_MOST_PIECES = 64  # of at most 8 KiB; more than a cell can hold
_ESCAPE = re.compile("_x([0-9A-Fa-f]{4})_")
_RANGE = re.compile(r"^([A-Z]{1,3})(\d{1,7})(?::([A-Z]{1,3})(\d{1,7}))?$")


class Handler:
    """Takes the markup of one part. Names come without their namespace prefix from `local`."""

    def start(self, name: str, attributes: Attributes) -> None:
        """An element begins."""

    def end(self, name: str) -> None:
        """An element ends."""

    def text(self, data: str) -> None:
        """Text inside the current element; may come in pieces."""


def local(name: str) -> str:
    """An element's or attribute's name without its prefix."""
    return name.rpartition(":")[2] if ":" in name else name


class WorkbookHandler(Handler):
    """The sheets in order as (name, relation id), and the calendar that dates count from."""

    def __init__(self) -> None:
        self.sheets: list[tuple[str, str]] = []
        self.from_1904 = False

    def start(self, name: str, attributes: Attributes) -> None:
        name = local(name)
        if name == "sheet":
            relation = next((value for key, value in attributes.items() if key.endswith(":id")), "")
            self.sheets.append((attributes.get("name", ""), relation))
        elif name == "workbookPr":
            self.from_1904 = attributes.get("date1904", "0") in {"1", "true", "on"}


class RelationHandler(Handler):
    """Relation id → (last word of its type, target)."""

    def __init__(self) -> None:
        self.found: dict[str, tuple[str, str]] = {}

    def start(self, name: str, attributes: Attributes) -> None:
        if local(name) == "Relationship" and attributes.get("TargetMode") != "External":
            kind = attributes.get("Type", "").rpartition("/")[2]
            self.found[attributes.get("Id", "")] = (kind, attributes.get("Target", ""))


class StylesHandler(Handler):
    """Which cell styles show a number as a date."""

    def __init__(self) -> None:
        self._formats: dict[int, str] = {}
        self._styles: list[int] = []
        self._inside = False

    def start(self, name: str, attributes: Attributes) -> None:
        name = local(name)
        if name == "numFmt":
            self._formats[int(attributes["numFmtId"])] = attributes.get("formatCode", "")
        elif name == "cellXfs":
            self._inside = True
        elif name == "xf" and self._inside:
            self._styles.append(int(attributes.get("numFmtId", "0")))

    def end(self, name: str) -> None:
        if local(name) == "cellXfs":
            self._inside = False

    def date_styles(self) -> frozenset[str]:
        """The numbers of the styles, as cells name them."""
        dates = {number for number in set(self._styles) if self._is_date(number)}
        return frozenset(str(index) for index, number in enumerate(self._styles) if number in dates)

    def _is_date(self, number: int) -> bool:
        code = self._formats.get(number) or BUILTIN_FORMATS.get(number, "")
        if not code:
            return 27 <= number <= 36 or 50 <= number <= 58  # East Asian dates
        return bool(is_date_format(code)) and not is_timedelta_format(code)


class StringsHandler(Handler):
    """The texts that cells share, without their phonetic guides."""

    def __init__(self) -> None:
        self.strings: list[str] = []
        self._pieces: list[str] = []
        self._collecting = False
        self._phonetic = False

    def start(self, name: str, attributes: Attributes) -> None:
        name = local(name)
        if name == "t":
            self._collecting = not self._phonetic
        elif name == "rPh":
            self._phonetic = True

    def end(self, name: str) -> None:
        name = local(name)
        if name == "si":
            self.strings.append(unescape("".join(self._pieces)))
            self._pieces.clear()
        elif name == "t":
            self._collecting = False
        elif name == "rPh":
            self._phonetic = False

    def text(self, data: str) -> None:
        if self._collecting:
            self._pieces.append(data)


class SheetHandler(Handler):
    """The rows of a sheet that have a value, and its merged ranges."""

    def __init__(
        self,
        strings: list[str],
        date_styles: frozenset[str],
        as_date: Callable[[float], datetime | date | time | float],
    ) -> None:
        self.merges: list[Merge] = []
        self._strings, self._date_styles, self._as_date = strings, date_styles, as_date
        self._columns: dict[str, int] = {}
        self._done: list[tuple[int, dict[int, Value]]] = []
        self._row = self._column = 0
        self._line: dict[int, Value] = {}
        self._kind = self._style = ""
        self._formula = self._phonetic = self._collecting = False
        self._result: str | None = None
        self._pieces: list[str] = []

    def take(self) -> list[tuple[int, dict[int, Value]]]:
        """The lines finished since the last time."""
        done, self._done = self._done, []
        return done

    def start(self, name: str, attributes: Attributes) -> None:
        name = local(name)
        if name == "c":
            self._start_cell(attributes)
        elif name in {"v", "t"}:
            self._collecting = not self._phonetic and self._column <= WIDEST
        elif name == "row":
            self._row = int(float(attributes["r"])) if "r" in attributes else self._row + 1
            self._column = 0
            self._line = {}
            if not 0 < self._row <= _LAST_ROW:
                raise UnreadableFile("damaged")
        elif name == "f":
            self._formula = True
        elif name == "rPh":
            self._phonetic = True
        elif name == "mergeCell":
            self._add_merge(attributes.get("ref", ""))

    def end(self, name: str) -> None:
        name = local(name)
        if name == "c":
            if self._column <= WIDEST:
                value = self._value()
                if value is not None:
                    self._line[self._column] = value
        elif name in {"v", "t"}:
            self._collecting = False
            self._result = "".join(self._pieces)
        elif name == "row":
            if self._line:
                self._done.append((self._row, self._line))
        elif name == "rPh":
            self._phonetic = False

    def text(self, data: str) -> None:
        if self._collecting and len(self._pieces) < _MOST_PIECES:
            self._pieces.append(data)

    def _start_cell(self, attributes: Attributes) -> None:
        reference = attributes.get("r")
        if reference:
            letters = reference.rstrip("0123456789")
            column = self._columns.get(letters)
            if column is None:
                column = self._columns[letters] = column_number(letters)
            self._column = column
        else:
            self._column += 1
        self._kind = attributes.get("t", "n")
        self._style = attributes.get("s", "0")
        self._formula = False
        self._result = None
        self._pieces.clear()

    def _value(self) -> Value:
        result, kind = self._result, self._kind
        if not result:
            return Fault("formula", "") if self._formula and (result is None or kind != "str") else None
        if kind == "s":
            return self._strings[int(result)] or None
        if kind in {"inlineStr", "str"}:
            return unescape(result)
        if kind == "n":
            number = float(result)
            if not math.isfinite(number):
                return Fault("error", result)
            if self._style in self._date_styles:
                return self._as_date(number)
            return int(number) if number.is_integer() and abs(number) < 1e15 else number
        if kind == "b":
            return result.strip() in {"1", "true"}
        if kind == "d":
            return _iso(result)
        return Fault("error", result)

    def _add_merge(self, reference: str) -> None:
        found = _RANGE.match(reference)
        if not found:
            return
        left, top, right, bottom = found.groups()
        if right and len(self.merges) >= MOST_MERGES:
            raise UnreadableFile("merged", limit=f"{MOST_MERGES:,}")
        if right:
            self.merges.append((int(top), column_number(left), int(bottom), column_number(right)))


def column_number(letters: str) -> int:
    """1 for A, 27 for AA, 16,384 for XFD. Raises ValueError for anything else."""
    number = 0
    for letter in letters:
        if not "A" <= letter <= "Z":
            raise ValueError(letters)
        number = number * 26 + ord(letter) - 64
    if not 0 < number <= 16_384:
        raise ValueError(letters)
    return number


def unescape(text: str) -> str:
    """Undo the way Excel writes characters that XML cannot hold: _x0007_."""
    return _ESCAPE.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text


def _iso(text: str) -> Value:
    try:
        value = datetime.fromisoformat(text)
    except ValueError:
        return text
    return value.date() if value.time() == time.min else value.replace(tzinfo=None)
