"""One row of the recipient upload: every mistake in it is found, each named by its cell, or it is a
recipient.

The columns are those of the state's upload template as far as it is known (names are legal names, a phone
number has ten digits, e-mail is optional); what can be understood is put right without asking.
"""

from dataclasses import dataclass
from datetime import date

from app.domain.program.counties import county_by_name
from app.domain.program.demographics import DECLINED, ETHNICITIES, GENDERS, RACES
from app.domain.program.industries import INDUSTRIES
from app.domain.program.lookup import Choices, Kind
from app.domain.program.states import STATES
from app.domain.recipients.ages import age_on
from app.domain.recipients.row_values import (
    Unclear,
    birth_date_text,
    email_warning,
    read_birth_date,
    read_email,
    read_name,
    read_phone,
    read_suffix,
    read_zip,
)
from app.infra.spreadsheet import Cell, Column, Fault, Mistake, Row, Sheet, about_fault, read_sheet
from app.infra.spreadsheet.mistakes import IGNORED_HEADERS, SAID_NOTHING

SHEET_NAME = "Recipients"

AT_ONCE_ROWS = 100
PORTAL_ROWS, PORTAL_INFLATED_BYTES = 5_000, 40 * 1024 * 1024
AGENT_ROWS, AGENT_INFLATED_BYTES = 100_000, 160 * 1024 * 1024
BEYOND_PORTAL = "Split it into smaller files, or send it to the help desk, who can take up to 100,000 rows."
BEYOND_AGENT = "Split it into smaller files and run each one."

COLUMNS = (
    Column("first_name", "First Name", required=True, also=("First", "Given Name")),
    Column("middle_name", "Middle Name", also=("Middle",)),
    Column("last_name", "Last Name", required=True, also=("Last", "Surname", "Family Name")),
    Column("suffix", "Suffix"),
    Column(
        "birth_date", "Date of Birth", required=True, also=("DOB", "Birth Date", "Birthdate", "Birthday"), is_day=True
    ),
    Column("email", "Email", also=("Email Address",)),
    Column("phone", "Phone", also=("Phone Number", "Telephone", "Cell", "Cell Phone", "Mobile", "Mobile Phone")),
    Column("street", "Street", also=("Street Address", "Home Street", "Address")),
    Column("city", "City", also=("Home City",)),
    Column("county", "County", also=("Home County",)),
    Column("state", "State", also=("Home State",)),
    Column("zip", "ZIP Code", required=True, also=("Home ZIP", "Zip Postal Code", "Postal Code")),
    Column("gender", "Gender", also=("Sex",)),
    Column("race", "Race"),
    Column("ethnicity", "Ethnicity"),
    Column("industry", "Industry"),
    Column("external_id", "External ID", also=("External System ID", "Employee ID")),
)
HEADERS = {column.key: column.header for column in COLUMNS}
_ORDER = {column.key: place for place, column in enumerate(COLUMNS)}

EXAMPLE = {
    "first_name": "Jordan",
    "middle_name": "Lee",
    "last_name": "Example",
    "suffix": "Jr.",
    "birth_date": "02/14/1980",
    "email": "jordan.example@example.org",
    "phone": "9195550100",
    "street": "100 Example Street",
    "city": "Raleigh",
    "county": "Wake",
    "state": "North Carolina",
    "zip": "27601",
    "gender": "Prefer not to say",
    "race": "Prefer not to say",
    "ethnicity": "Prefer not to say",
    "industry": "Other",
    "external_id": "EXAMPLE",
}
_NAMES_EXAMPLE, _TELLS_EXAMPLE = ("first_name", "last_name"), ("email", "external_id")


@dataclass(frozen=True, slots=True)
class RecipientRow:
    """A person as uploaded, with every value in the form in which it is kept; "" or () where nothing was
    given.

    `phone` is ten digits, `state_abbr` two letters, `county_fips` five digits (counties of North Carolina
    only), `zip` 99999 or 99999-9999; gender, races, ethnicity and industry are codes of the program's lists.
    """

    number: int
    first_name: str
    middle_name: str
    last_name: str
    suffix: str
    birth_date: date
    email: str
    phone: str
    street: str
    city: str
    county_fips: str
    state_abbr: str
    zip: str
    gender: str
    races: tuple[str, ...]
    ethnicity: str
    industry: str
    external_id: str


@dataclass(frozen=True, slots=True)
class RowResult:
    """What became of a row: a recipient or its mistakes, never both; neither only for the example row."""

    number: int
    recipient: RecipientRow | None = None
    mistakes: tuple[Mistake, ...] = ()
    warnings: tuple[Mistake, ...] = ()
    is_example: bool = False


def open_recipient_file(
    data: bytes,
    *,
    filename: str,
    max_rows: int = PORTAL_ROWS,
    max_inflated_bytes: int = PORTAL_INFLATED_BYTES,
) -> Sheet:
    """The rows of an uploaded file, without the template's example row. Raises UnreadableFile."""
    return read_sheet(
        data,
        filename=filename,
        columns=COLUMNS,
        max_rows=max_rows,
        max_inflated_bytes=max_inflated_bytes,
        sheet_name=SHEET_NAME,
        ignored=IGNORED_HEADERS,
        skip=is_example,
        beyond=BEYOND_PORTAL if max_rows <= PORTAL_ROWS else BEYOND_AGENT,
    )


def is_example(row: Row) -> bool:
    """True for the example row of the template, however Excel has re-written its numbers and dates.

    Columns that nobody must have may have been deleted.
    """
    told = (*_NAMES_EXAMPLE, *(key for key in _TELLS_EXAMPLE if key in row.cells))
    return all(row.cell(key).text == EXAMPLE[key] for key in told)


def to_cells(row: Row) -> dict[str, str]:
    """What to keep of a row for the copy that is sent back, and to read it again: the values as typed, by column key."""
    texts = {key: cell.text for key, cell in row.cells.items() if cell.text}
    if "birth_date" in texts:
        texts["birth_date"] = birth_date_text(row.cell("birth_date").value)
    return texts


def read_row(row: Row, *, today: date, minimum_age: int = 0) -> RowResult:
    """Read one row; `today` is the calendar day in the program's zone.

    All mistakes are found in one pass. Somebody younger than `minimum_age` (years) is a warning, not a
    mistake.
    """
    if is_example(row):
        return RowResult(row.number, is_example=True)
    reader = _Reader(row)
    recipient = reader.read(today)
    if reader.mistakes or recipient is None:
        mistakes = sorted(reader.mistakes, key=lambda mistake: _ORDER[mistake.key])
        return RowResult(row.number, mistakes=tuple(mistakes), warnings=tuple(reader.warnings))
    if age_on(recipient.birth_date, today) < minimum_age:
        reader.warn("birth_date", f"This person is younger than {minimum_age}. Check the date.")
    return RowResult(row.number, recipient, warnings=tuple(reader.warnings))


class _Reader:
    """Reads the cells of one row and collects what is wrong with them."""

    def __init__(self, row: Row) -> None:
        self.row = row
        self.mistakes: list[Mistake] = []
        self.warnings: list[Mistake] = []

    def read(self, today: date) -> RecipientRow | None:
        """The recipient; whatever it holds is good only if no mistake was collected."""
        birth_date = self._birth_date(today)
        state = self._choice("state", STATES)
        values = RecipientRow(
            number=self.row.number,
            first_name=self._name("first_name", 40, required=True),
            middle_name=self._name("middle_name", 40),
            last_name=self._name("last_name", 80, required=True),
            suffix=self._suffix(),
            birth_date=birth_date or today,
            email=self._email(),
            phone=self._phone(),
            street=self._text("street", 100),
            city=self._text("city", 60),
            county_fips=self._county(state),
            state_abbr=state,
            zip=self._zip(state),
            gender=self._choice("gender", GENDERS),
            races=self._races(),
            ethnicity=self._choice("ethnicity", ETHNICITIES),
            industry=self._choice("industry", INDUSTRIES),
            external_id=self._text("external_id", 50),
        )
        return values if birth_date else None

    def wrong(self, key: str, message: str) -> None:
        """Note a mistake; the row will not be taken."""
        self.mistakes.append(Mistake(self.row.cell(key).address, HEADERS[key], message, key))

    def warn(self, key: str, message: str) -> None:
        """Note something to check; the row is taken."""
        self.warnings.append(Mistake(self.row.cell(key).address, HEADERS[key], message, key))

    def _cell(self, key: str, *, required: bool = False) -> Cell | None:
        """The cell, when it has a usable value; otherwise None, with a mistake where there is one."""
        cell = self.row.cell(key)
        fault = cell.fault
        if isinstance(fault, Fault):
            self.wrong(key, about_fault(fault))
            return None
        if cell.value is None or (not required and cell.text.casefold() in SAID_NOTHING):
            if required:
                self.wrong(key, f"Enter the {_SPOKEN[key]}.")
            return None
        return cell

    def _text(self, key: str, longest: int) -> str:
        cell = self._cell(key)
        text = cell.text if cell else ""
        if len(text) > longest:
            self.wrong(key, f"Use {longest} characters or fewer; this has {len(text)}.")
            return ""
        return text

    def _name(self, key: str, longest: int, *, required: bool = False) -> str:
        cell = self._cell(key, required=required)
        if not cell:
            return ""
        try:
            return read_name(cell.value, longest=longest)
        except Unclear as unclear:
            self.wrong(key, str(unclear))
            return ""

    def _suffix(self) -> str:
        cell = self._cell("suffix")
        try:
            return read_suffix(cell.value) if cell else ""
        except Unclear as unclear:
            self.wrong("suffix", str(unclear))
            return ""

    def _birth_date(self, today: date) -> date | None:
        cell = self._cell("birth_date", required=True)
        try:
            return read_birth_date(cell.value, today=today) if cell else None
        except Unclear as unclear:
            self.wrong("birth_date", str(unclear))
            return None

    def _email(self) -> str:
        cell = self._cell("email")
        if not cell:
            return ""
        try:
            address = read_email(cell.text)
        except Unclear as unclear:
            self.wrong("email", str(unclear))
            return ""
        if warning := email_warning(address):
            self.warn("email", warning)
        return address

    def _phone(self) -> str:
        cell = self._cell("phone")
        if not cell:
            return ""
        try:
            phone = read_phone(cell.text)
        except Unclear as unclear:
            self.wrong("phone", str(unclear))
            return ""
        if phone[0] in "01" or phone[3] in "01":
            self.warn("phone", "No telephone number in the United States begins like this. Check it.")
        return phone

    def _zip(self, state: str) -> str:
        cell = self._cell("zip", required=True)
        if not cell:
            return ""
        try:
            code = read_zip(cell.text, state=state)
        except Unclear as unclear:
            self.wrong("zip", str(unclear))
            return ""
        if state == "NC" and not "270" <= code[:3] <= "289":
            self.warn("zip", "This ZIP code is not in North Carolina. Check the ZIP code and the state.")
        return code

    def _county(self, state: str) -> str:
        cell = self._cell("county")
        if not cell:
            return ""
        if state not in {"", "NC"}:
            self.warn("county", "We keep the county of addresses in North Carolina only.")
            return ""
        county = county_by_name(cell.text)
        if not county:
            self.wrong(
                "county", "This is not a county of North Carolina. Choose it from the list in the template."
            )
        return county.fips if county else ""

    def _choice(self, key: str, choices: Choices[Kind]) -> str:
        cell = self._cell(key)
        entry = choices.find(cell.text) if cell else None
        if cell and not entry:
            self.wrong(key, _not_in_list(cell.text, choices))
        return entry.code if entry else ""

    def _races(self) -> tuple[str, ...]:
        cell = self._cell("race")
        if not cell:
            return ()
        codes: list[str] = []
        for part in cell.text.replace(",", ";").split(";"):
            entry = RACES.find(part) if part.strip() else None
            if part.strip() and not entry:
                self.wrong("race", _not_in_list(part.strip(), RACES))
                return ()
            if entry and entry.code not in codes:
                codes.append(entry.code)
        if DECLINED in codes and len(codes) > 1:
            self.wrong("race", "Name the races, or write “Prefer not to say”, not both.")
        return tuple(codes)


_SPOKEN = {
    "first_name": "first name",
    "last_name": "last name",
    "birth_date": "date of birth, like 02/14/1980",
    "zip": "ZIP code of the home address",
}


def _not_in_list(text: str, choices: Choices[Kind]) -> str:
    shown = f"“{text[:40]}”"
    near = choices.nearest(text)
    if near:
        return f"{shown} is not in the list. Did you mean “{near.label}”?"
    if len(choices.labels) <= 8:
        return f"{shown} is not in the list. Choose one of: {'; '.join(choices.labels)}."
    return f"{shown} is not in the list. Choose it from the list in the template."
