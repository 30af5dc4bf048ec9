"""What a workbook is that people fill in: its columns with their lists, an example, and the words that explain it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from app.infra.spreadsheet import Column

LISTS_SHEET = "Lists"

HEADER_FILL, HEADER_INK = "1B4E7A", "FFFFFF"
OPTIONAL_FILL = "5B7083"
EXAMPLE_FILL, EXAMPLE_INK = "EEF2F5", "5C5C5C"
WRONG_FILL, FIX_FILL = "FFD7D2", "FFF3C4"


@dataclass(frozen=True, slots=True)
class Look:
    """`width` in characters; `as_text` keeps zeros; `choices` fill a drop-down; `several` may be given."""

    width: int
    as_text: bool = False
    is_date: bool = False
    choices: Sequence[str] = ()
    several: bool = False


@dataclass(frozen=True, slots=True)
class Form:
    """One kind of workbook. `looks` and `example` are by column key, `most_rows` is what one file may hold.

    `opening` gives what to know before filling it in as (title, text), `hints` what to write in each column; both are
    asked when a workbook is made, in the language of whoever downloads it.
    """

    sheet_name: str
    columns: tuple[Column, ...]
    looks: Mapping[str, Look]
    example: Mapping[str, str]
    most_rows: int
    opening: Callable[[], tuple[tuple[str, str], ...]]
    hints: Callable[[], Mapping[str, str]]

    @property
    def listed(self) -> tuple[str, ...]:
        """The keys of columns with a drop-down."""
        return tuple(key for key, look in self.looks.items() if look.choices)

    @property
    def last_listed_row(self) -> int:
        """The drop-downs reach as far as one file may, below headings and example."""
        return self.most_rows + 2

    def list_range(self, key: str) -> str:
        """Where the choices of a column stand on the sheet of lists, such as =Lists!$A$2:$A$101."""
        letter = chr(ord("A") + self.listed.index(key))
        return f"={LISTS_SHEET}!${letter}$2:${letter}${len(self.looks[key].choices) + 1}"


def heading(column: Column) -> str:
    """The heading as shown: with an asterisk where the column is required."""
    return f"{column.header}*" if column.required else column.header
