"""What became of the rows of a short workbook: values that can be taken, or mistakes that each name their cell."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from app.infra.spreadsheet.mistakes import Mistake

MOST_INFLATED_BYTES = 40 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class ReadRow:
    """What became of a row: `values` as they are kept where it can be taken, or mistakes.

    `cells` are the values as typed, for the copy that goes back; `addresses` say where they stand ("B7"), for a reader
    that goes on to find mistakes which the cells alone do not show. Both by column key.
    """

    number: int
    values: Mapping[str, Any]
    mistakes: tuple[Mistake, ...]
    cells: Mapping[str, str]
    addresses: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_good(self) -> bool:
        """True when the row can be taken."""
        return not self.mistakes


def without_repeats(rows: Iterable[ReadRow], key: Callable[[Mapping[str, Any]], str], what: str) -> Iterator[ReadRow]:
    """The rows; one that says the same as an earlier good one gets a mistake of the row as a whole."""
    seen: dict[str, int] = {}
    for row in rows:
        first = seen.setdefault(key(row.values), row.number) if row.is_good else row.number
        if first == row.number:
            yield row
        else:
            message = f"{what} is in row {first} already. Delete one of the two rows."
            yield ReadRow(row.number, {}, (Mistake("", "", message, ""),), row.cells)
