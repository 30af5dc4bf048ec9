"""What is wrong with a cell, said to whoever filled it in; and the columns that come back beside the mistakes."""

from dataclasses import dataclass

from app.infra.spreadsheet.cells import Fault

FIX_HEADER = "What to fix"
ORIGINAL_ROW_HEADER = "Original row"
STATUS_HEADER = "Status"
NOTE_HEADER = "Note"
IGNORED_HEADERS = (FIX_HEADER, ORIGINAL_ROW_HEADER, STATUS_HEADER, NOTE_HEADER)

SAID_NOTHING = frozenset({"n/a", "none", "-", "--", "–", "—"})
"""Words (in lower case) that people write into a cell that may stay empty."""

_FAULTS = {
    "formula": "This cell contains a formula. Paste the value instead (Copy, then Paste Special, Values).",
    "error": "This cell shows %s instead of a value. Type the value itself.",
    "control": "This cell has characters that cannot be seen. Delete it and type the value again.",
    "merged": "This cell is merged with %s. Unmerge the cells and fill in each one.",
}


@dataclass(frozen=True, slots=True)
class Mistake:
    """What is wrong with one cell: `column` is its heading, `key` its column, `message` what to do."""

    address: str
    column: str
    message: str
    key: str


def about_fault(fault: Fault) -> str:
    """What to do with a cell that cannot be used."""
    message = _FAULTS[fault.code]
    return message % fault.shown if "%s" in message else message
