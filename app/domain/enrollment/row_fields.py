"""Reads a row of a workbook by the fields of the enrollment: every mistake in it is found, each named by its cell."""

from collections.abc import Mapping
from typing import Any

from app.domain.enrollment.errors import Reason
from app.domain.enrollment.fields import HOME_STATE, Field
from app.domain.enrollment.values import check
from app.infra.spreadsheet import Column, Mistake, Row, about_fault
from app.infra.spreadsheet.mistakes import SAID_NOTHING
from app.infra.spreadsheet.read_rows import ReadRow

_MEANT = frozenset({"person", "choice", "choices", "number"})
"""Kinds of which "None" or "N/A" may be the value: a name, a number of vials, an answer from a list."""

_MALFORMED = {
    "person": "Write the name as it is on official papers: letters, no digits.",
    "initial": "Write one letter.",
    "email": "Write one e-mail address, like name@example.org.",
    "phone": "Write the telephone number as ten digits, like 9195555555.",
    "zip": "Write the ZIP code as five digits, like 27601, or nine, like 27601-1234.",
    "hours": "Write the hours as from and to, like 8:00 AM - 12:00 PM.",
}
_OTHER_REASONS: dict[Reason, str] = {
    "missing": "Fill in this cell.",
    "malformed": "This has characters that cannot be seen. Delete it and type it again.",
    "not_a_number": "Write a whole number, like 250.",
    "too_many": "This number cannot be right. Check it.",
    "backwards": "The hours end before they begin. Check them.",
    "link": "Leave web addresses out of this cell.",
}


def read_fields(row: Row, columns: tuple[Column, ...], fields: Mapping[str, Field]) -> ReadRow:
    """One row whose columns are fields; what is required of a field depends on the row's other values.

    An address without a state is in the home state.
    """
    cells = {key: cell.text for key, cell in row.cells.items() if cell.text}
    values: dict[str, Any] = {"state": HOME_STATE} if "state" in fields and not cells.get("state") else {}
    mistakes: list[Mistake] = []
    for column in columns:
        message = _read_cell(row, fields[column.key], values)
        if message:
            mistakes.append(Mistake(row.cell(column.key).address, column.header, message, column.key))
    return ReadRow(row.number, {} if mistakes else values, tuple(mistakes), cells)


def _read_cell(row: Row, field: Field, values: dict[str, Any]) -> str:
    """Put the cell's value among the others; the sentence about its mistake, if there is one."""
    cell = row.cell(field.key)
    if cell.fault:
        return about_fault(cell.fault)
    said_nothing = cell.text.casefold() in SAID_NOTHING and field.kind not in _MEANT
    text = "" if said_nothing else cell.text
    # The county of an address elsewhere is nothing that is asked for.
    if not field.applies(values) or (not text and field.key in values):
        return ""
    value, reason = check(field, text)
    if reason:
        return about(field, reason, text)
    if value:
        values[field.key] = value
        return ""
    return about(field, "missing", text) if field.is_required(values) else ""


def about(field: Field, reason: Reason, text: str) -> str:
    """The sentence about a value that cannot be taken, saying what to do."""
    if reason == "too_long":
        return f"Use {field.longest} characters or fewer; this has {len(text)}."
    if reason == "unknown":
        return _not_in_list(field, text)
    if reason == "malformed":
        return _MALFORMED.get(field.kind, _OTHER_REASONS[reason])
    return _OTHER_REASONS[reason]


def _not_in_list(field: Field, text: str) -> str:
    shown = f"“{text[:40]}”"
    if field.kind == "county":
        return f"{shown} is not a county of North Carolina. Choose it from the list in the template."
    near = field.choices.nearest(text) if field.choices else None
    if near:
        return f"{shown} is not in the list. Did you mean “{near.label}”?"
    if field.choices and len(field.choices.labels) <= 8:
        return f"{shown} is not in the list. Choose one of: {'; '.join(field.choices.labels)}."
    return f"{shown} is not in the list. Choose it from the list in the template."
