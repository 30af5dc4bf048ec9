"""The HCP User Onboarding workbook: who is to work at a location, one row each (columns of the original template)."""

from app.domain.program.lookup import Choice, Choices
from app.domain.providers.user_details import FIELDS, clean
from app.domain.providers.user_errors import Reasons, Why
from app.infra.spreadsheet import Column, Mistake, Row, about_fault, read_sheet
from app.infra.spreadsheet.mistakes import IGNORED_HEADERS, SAID_NOTHING
from app.infra.spreadsheet.read_rows import MOST_INFLATED_BYTES, ReadRow

SHEET_NAME = "HCP Users"
MOST_ROWS = 200
"""So many are taken in one request; a workbook with more is cut in two."""

COLUMNS = (
    Column("location", "Provider PIN", also=("Location", "Location Name", "Provider Location", "PIN")),
    Column("first_name", "First Name", required=True, also=("First", "Given Name")),
    Column("last_name", "Last Name", required=True, also=("Last", "Surname", "Family Name")),
    Column("email", "Business Email", required=True, also=("Email", "Email Address", "Business Email Address")),
    Column("ncid", "NCID Username", required=True, also=("NCID", "NCID User Name", "Username", "User Name")),
    Column("profile", "Profile", required=True, also=("Role", "Assigned Profile", "Profile Name")),
    Column("action", "Action"),
)
ACTIONS = Choices((Choice("add", "Add", ("New", "Create")), Choice("deactivate", "Deactivate", ("Remove", "Delete"))))

EXAMPLE = {
    "location": "",
    "first_name": "Jordan",
    "last_name": "Example",
    "email": "jordan.example@example.org",
    "ncid": "jexample",
    "profile": "Healthcare Provider",
    "action": "Add",
}
_TELLS_EXAMPLE = ("last_name", "email", "ncid")


def read_users(data: bytes, *, filename: str) -> list[ReadRow]:
    """Every row: `values` are its good ones (location as typed, FIELDS, action add or deactivate), and its mistakes.

    A row with mistakes keeps its good values, so that what else is wrong with it is found in the same pass. Raises
    UnreadableFile.
    """
    sheet = read_sheet(
        data,
        filename=filename,
        columns=COLUMNS,
        max_rows=MOST_ROWS,
        max_inflated_bytes=MOST_INFLATED_BYTES,
        sheet_name=SHEET_NAME,
        ignored=(*IGNORED_HEADERS, "Phone", "Error Message"),
        skip=_is_example,
    )
    return [_read(row) for row in sheet.rows]


def with_reasons(row: ReadRow, reasons: Reasons) -> ReadRow:
    """The row with further mistakes; each names the cell of its field."""
    headers = {column.key: column.header for column in COLUMNS}
    further = [Mistake(row.addresses.get(key, ""), headers[key], str(why), key) for key, why in reasons.items()]
    order = list(headers)
    mistakes = sorted((*row.mistakes, *further), key=lambda mistake: order.index(mistake.key))
    return ReadRow(row.number, row.values, tuple(mistakes), row.cells, row.addresses)


def _read(row: Row) -> ReadRow:
    cells = {key: cell.text for key, cell in row.cells.items() if cell.text}
    addresses = {key: cell.address for key, cell in row.cells.items()}
    faults = {key: cell.fault for key, cell in row.cells.items() if cell.fault}
    usable = {key: text for key, text in cells.items() if key not in faults}
    action, reasons = _action(usable.get("action", ""))
    asked = ("ncid",) if action == "deactivate" else FIELDS
    values, others = clean({key: usable.get(key, "") for key in asked if key not in faults})
    values |= {"action": action, "location": _said(usable.get("location", ""))}
    headers = {column.key: column.header for column in COLUMNS}
    spoiled = tuple(
        Mistake(addresses[key], headers[key], about_fault(fault), key) for key, fault in faults.items() if fault
    )
    return with_reasons(ReadRow(row.number, values, spoiled, cells, addresses), {**others, **reasons})


def _action(text: str) -> tuple[str, Reasons]:
    said = _said(text)
    found = ACTIONS.find(said) if said else None
    if said and found is None:
        return "add", {"action": Why("unknown_action")}
    return (found.code if found else "add"), {}


def _said(text: str) -> str:
    return "" if text.casefold() in SAID_NOTHING else text


def _is_example(row: Row) -> bool:
    return all(row.cell(key).text == EXAMPLE[key] for key in _TELLS_EXAMPLE)
