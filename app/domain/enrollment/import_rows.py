"""Rows of a workbook: good ones are taken, each mistake is named by its cell. Sent twice, they make nothing twice."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.domain.enrollment.errors import Reason
from app.domain.enrollment.fields import Field
from app.domain.enrollment.values import check
from app.infra.spreadsheet import Column, Row


@dataclass(frozen=True, slots=True)
class CellMistake:
    """One cell that keeps its row from being taken. `shown` is what stands there."""

    row: int
    address: str
    column: str
    reason: Reason
    shown: str


@dataclass(frozen=True, slots=True)
class Imported:
    """How many rows were added, how many were there already, and the mistakes of the others."""

    added: int
    present: int
    mistakes: tuple[CellMistake, ...]

    @property
    def refused(self) -> int:
        """How many rows were not taken."""
        return len({mistake.row for mistake in self.mistakes})


def columns_of(fields: tuple[Field, ...], *, required: Mapping[str, bool] | None = None) -> tuple[Column, ...]:
    """The columns of a workbook for these fields."""
    return tuple(
        Column(
            field.key, field.label.replace(": ", " "),
            required=(required or {}).get(field.key, field.required and field.required_if is None),
        )
        for field in fields
    )  # fmt: skip


def read_row(row: Row, fields: tuple[Field, ...]) -> tuple[dict[str, Any], list[CellMistake]]:
    """The answers of a row by key, and its mistakes. Blank cells give no answer."""
    answers: dict[str, Any] = {}
    mistakes: list[CellMistake] = []
    for field in fields:
        cell = row.cell(field.key)
        if cell.fault is not None:
            mistakes.append(CellMistake(row.number, cell.address, field.key, "malformed", cell.fault.shown))
            continue
        value, reason = check(field, cell.text)
        if reason is not None:
            mistakes.append(CellMistake(row.number, cell.address, field.key, reason, cell.text[:60]))
        elif value not in ("", []):
            answers[field.key] = value
    wrong = {mistake.column for mistake in mistakes}
    for field in fields:
        if field.is_required(answers) and field.key not in answers and field.key not in wrong:
            mistakes.append(CellMistake(row.number, row.cell(field.key).address, field.key, "missing", ""))
    return answers, mistakes
