"""The workbook of doses from paper: every mistake in a row is found, each named by its cell, or it is a dose to enter."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from app.domain.inventory.lots import fold_lot_number
from app.domain.inventory.models import Lot
from app.domain.program.lookup import Choice, Choices
from app.domain.recipients.row_values import Unclear, read_birth_date, read_name, read_phone, read_zip
from app.domain.vaccinations.sites import SITES, SUFFIXES
from app.infra import clock
from app.infra.spreadsheet import Cell, Column, Mistake, Row, about_fault, read_sheet
from app.infra.spreadsheet.mistakes import IGNORED_HEADERS, SAID_NOTHING

SHEET_NAME = "Doses from paper"
MOST_ROWS = 500
MOST_INFLATED_BYTES = 40 * 1024 * 1024

SCREENED = Choices(
    (
        Choice("no", "All answers are no", ("All no", "No", "No to all")),
        Choice("none", "Not on the paper", ("Not asked",)),
    )
)
YES = Choices((Choice("yes", "Yes", ("Y", "X", "TRUE")),))

COLUMNS = (
    Column("last_name", "Last Name", required=True, also=("Last", "Surname", "Family Name")),
    Column("first_name", "First Name", required=True, also=("First", "Given Name")),
    Column("birth_date", "Date of Birth", required=True, also=("DOB", "Birth Date", "Birthdate"), is_day=True),
    Column("phone", "Phone", also=("Phone Number",)),
    Column("zip", "ZIP Code", also=("ZIP",)),
    Column("given_on", "Date Given", required=True, also=("Date", "Vaccination Date"), is_day=True),
    Column("given_time", "Time", also=("Time Given",)),
    Column("lot", "Lot", required=True, also=("Lot Number",)),
    Column("site", "Place on the Body", also=("Site", "Injection Site")),
    Column("clinician_name", "Given By", required=True, also=("Clinician", "Vaccinator")),
    Column("clinician_suffix", "Qualification", also=("Suffix", "Title")),
    Column("screening", "Screening", required=True),
    Column("fact_sheet", "Fact Sheet Given", required=True, also=("Fact Sheet",)),
    Column("reason", "Reason", also=("Why It Was Given",)),
)
HEADERS = {column.key: column.header for column in COLUMNS}
EXAMPLE = {
    "last_name": "Example",
    "first_name": "Jordan",
    "birth_date": "02/14/1980",
    "phone": "9195550100",
    "zip": "27601",
    "given_on": "03/01/2021",
    "given_time": "9:30 AM",
    "lot": "EXAMPLE",
    "site": "Left deltoid",
    "clinician_name": "Ann Lee",
    "clinician_suffix": "RN",
    "screening": "All answers are no",
    "fact_sheet": "Yes",
    "reason": "",
}
_TELLS_EXAMPLE = ("last_name", "first_name", "lot")
_CLOCK = re.compile(r"(\d{1,2})[:.]?(\d{2})?(?::00)?\s*([ap])?\.?(?:m\.?)?", re.IGNORECASE | re.ASCII)
_NIGHT = 6
_WRITE_TIME = "Write the time like 9:30 AM, 2:15 PM or 1415."


@dataclass(frozen=True, slots=True)
class PaperRow:
    """What became of a row: `values` by column key as they are kept, or mistakes, never both.

    `given_at` is among the values, in UTC, and `lot_id` and `cvx` say of which lot and vaccine. `cells` are the values as typed, `addresses`
    say where each is in the file.
    """

    number: int
    values: dict[str, Any]
    mistakes: tuple[Mistake, ...]
    cells: dict[str, str]
    addresses: dict[str, str]


def read_paper_file(
    data: bytes, *, filename: str, lots: Iterable[Lot], now: datetime, zone: ZoneInfo
) -> list[PaperRow]:
    """Every row of an uploaded file, without the template's example row. `lots` are all that the location ever had.

    Raises UnreadableFile.
    """
    sheet = read_sheet(
        data,
        filename=filename,
        columns=COLUMNS,
        max_rows=MOST_ROWS,
        max_inflated_bytes=MOST_INFLATED_BYTES,
        sheet_name=SHEET_NAME,
        ignored=IGNORED_HEADERS,
        skip=lambda row: all(row.cell(key).text == EXAMPLE[key] for key in _TELLS_EXAMPLE),
    )
    shelf = list(lots)
    return [_Reader(row, shelf, now, zone).read() for row in sheet.rows]


def lot_label(lot: Lot) -> str:
    """A lot as the drop-down names it."""
    return f"{lot.number} {lot.product.manufacturer}"


def read_clock(text: str) -> time:
    """A time of day as people type it: 930, 0930, 9:30 AM, 2:15p, 1415. Raises Unclear.

    The hours before six are asked about: a clinic's "2:15" is in the afternoon, and nobody said so.
    """
    found = _CLOCK.fullmatch(text.strip())
    digits = "".join(sign for sign in text if sign.isdigit())
    if not found or len(digits) > 6:
        raise Unclear(_WRITE_TIME)
    hour, minute, half = int(found[1]), int(found[2] or 0), (found[3] or "").lower()
    if ":" not in text and "." not in text and len(digits) == 3:
        hour, minute = int(digits[0]), int(digits[1:])
    if hour > (12 if half else 23) or minute > 59 or (half and hour == 0):
        raise Unclear(_WRITE_TIME)
    if half:
        return time(hour % 12 + (12 if half == "p" else 0), minute)
    if hour < _NIGHT:
        raise Unclear("Is this before or after noon? Write it like 2:15 PM, or 1415.")
    return time(hour, minute)


def read_typed_date(text: str, *, today: date) -> date:
    """A date of birth as a form has it, also as eight digits: 04281950. Raises Unclear."""
    digits = "".join(text.split())
    if digits.isascii() and digits.isdigit() and len(digits) == 8:
        text = f"{digits[:2]}/{digits[2:4]}/{digits[4:]}"
    elif re.fullmatch(r"\d{1,2} \d{1,2} \d{4}", " ".join(text.split())):
        text = "/".join(text.split())
    return read_birth_date(text, today=today)


def moment_of(day: date, at: time | None, *, now: datetime, zone: ZoneInfo) -> datetime:
    """The moment of a dose, in UTC; a day without a time is noon of that day, or now where noon is still to come."""
    said = datetime.combine(day, at or time(12), tzinfo=zone).astimezone(UTC)
    return said if at is not None or day != clock.local_date(now, zone) else min(said, now)


class _Reader:
    """Reads the cells of one row and collects what is wrong with them."""

    def __init__(self, row: Row, lots: list[Lot], now: datetime, zone: ZoneInfo) -> None:
        self.row, self.lots, self.now, self.zone = row, lots, now, zone
        self.today = clock.local_date(now, zone)
        self.mistakes: list[Mistake] = []

    def read(self) -> PaperRow:
        """The row as it is kept; all mistakes are found in one pass."""
        values = {
            "last_name": self._cell("last_name", lambda cell: read_name(cell.value, longest=80), "Enter the last name."),
            "first_name": self._cell("first_name", lambda cell: read_name(cell.value, longest=40), "Enter the first name."),
            "birth_date": self._cell("birth_date", self._birth, "Enter the date of birth, like 02/14/1980."),
            "phone": self._cell("phone", lambda cell: read_phone(cell.text)),
            "zip": self._cell("zip", lambda cell: read_zip(cell.text, state="NC")),
            "given_on": self._cell("given_on", self._day, "Enter the day on which the dose was given."),
            "given_time": self._cell("given_time", _clock_of),
            "lot": self._cell("lot", self._lot, "Choose the lot."),
            "site": self._cell("site", lambda cell: _chosen(cell, SITES)) or "LD",
            "clinician_name": self._cell("clinician_name", _name_of, "Enter who gave the dose."),
            "clinician_suffix": self._cell("clinician_suffix", lambda cell: _chosen(cell, SUFFIXES)) or "OTH",
            "screening": self._cell("screening", _screened, "Choose what the paper says about the screening questions."),
            "fact_sheet": self._cell("fact_sheet", lambda cell: _chosen(cell, YES), "Write Yes once the person has it."),
            "reason": self._cell("reason", lambda cell: _short(cell.text, 255)) or "",
        }  # fmt: skip
        self._check_moment(values)
        lot = values.pop("lot")
        values |= {"lot_id": lot.id, "cvx": lot.product.cvx} if lot else {}
        cells = {key: cell.text for key, cell in self.row.cells.items() if cell.text}
        mistakes = tuple(sorted(self.mistakes, key=lambda one: list(HEADERS).index(one.key)))
        addresses = {key: cell.address for key, cell in self.row.cells.items()}
        return PaperRow(self.row.number, {} if mistakes else values, mistakes, cells, addresses)

    def _cell(self, key: str, reader: Callable[[Cell], Any], if_empty: str = "") -> Any:
        cell = self.row.cell(key)
        if cell.fault:
            self._wrong(key, about_fault(cell.fault))
        elif cell.value is None or (not if_empty and cell.text.casefold() in SAID_NOTHING):
            if if_empty:
                self._wrong(key, if_empty)
        else:
            try:
                return reader(cell)
            except Unclear as unclear:
                self._wrong(key, str(unclear))
        return None

    def _wrong(self, key: str, message: str) -> None:
        self.mistakes.append(Mistake(self.row.cell(key).address, HEADERS[key], message, key))

    def _birth(self, cell: Cell) -> date:
        typed = isinstance(cell.value, str)
        return read_typed_date(cell.text, today=self.today) if typed else read_birth_date(cell.value, today=self.today)

    def _day(self, cell: Cell) -> date:
        try:
            return self._birth(cell)
        except Unclear as unclear:
            if "future" in str(unclear):
                raise Unclear("This day is in the future. Check it.") from unclear
            raise Unclear("Write the day as month, day and year, like 03/01/2021.") from unclear

    def _lot(self, cell: Cell) -> Lot:
        wanted = fold_lot_number(cell.text)
        by_label = [lot for lot in self.lots if fold_lot_number(lot_label(lot)) == wanted]
        found = by_label or [lot for lot in self.lots if lot.number_folded == wanted]
        if len(found) == 1:
            return found[0]
        if found:
            raise Unclear("Two vaccines have a lot of this number. Choose the lot from the list in the template.")
        raise Unclear("This location has no such lot. Choose it from the list in the template.")

    def _check_moment(self, values: dict[str, Any]) -> None:
        day, born = values["given_on"], values["birth_date"]
        if day is None:
            return
        if born is not None and day < born:
            self._wrong("given_on", "This day is before the person’s birth. Check both dates.")
        values["given_at"] = moment_of(day, values["given_time"], now=self.now, zone=self.zone)


def _clock_of(cell: Cell) -> time:
    value = cell.value
    if isinstance(value, datetime):
        return value.time()
    if isinstance(value, time):
        return value
    if isinstance(value, float) and 0 <= value < 1:
        minutes = round(value * 1440) % 1440
        return time(minutes // 60, minutes % 60)
    return read_clock(cell.text)


def _name_of(cell: Cell) -> str:
    return _short(cell.text, 130)


def _short(text: str, longest: int) -> str:
    if len(text) > longest:
        raise Unclear(f"Use {longest} characters or fewer; this has {len(text)}.")
    return text


def _chosen(cell: Cell, known: Choices[Choice]) -> str:
    entry = known.find(cell.text)
    if entry is None:
        raise Unclear(f"“{cell.text[:40]}” is not in the list. Choose one of: {'; '.join(known.labels)}.")
    return entry.code


def _screened(cell: Cell) -> str:
    if SCREENED.find(cell.text) is None:
        raise Unclear("Choose it from the list. A person with other answers than “no” is entered on the page.")
    return _chosen(cell, SCREENED)
