"""How each column of the recipient upload looks in a workbook: its width and its list."""

from dataclasses import dataclass

from app.domain.program.counties import COUNTIES
from app.domain.program.demographics import ETHNICITIES, GENDERS, RACES
from app.domain.program.industries import INDUSTRIES
from app.domain.program.states import STATES

LISTS_SHEET = "Lists"
LAST_LISTED_ROW = 5_002  # the drop-downs reach as far as one upload may

HEADER_FILL, HEADER_INK = "1B4E7A", "FFFFFF"
OPTIONAL_FILL = "5B7083"
EXAMPLE_FILL, EXAMPLE_INK = "EEF2F5", "5C5C5C"
WRONG_FILL, FIX_FILL = "FFD7D2", "FFF3C4"


@dataclass(frozen=True, slots=True)
class Look:
    """`width` in characters; `as_text` keeps zeros; `choices` fill a drop-down; `several` may be given."""

    width: int
    as_text: bool = False
    choices: tuple[str, ...] = ()
    several: bool = False


LOOKS = {
    "first_name": Look(16),
    "middle_name": Look(14),
    "last_name": Look(20),
    "suffix": Look(8),
    "birth_date": Look(14),
    "email": Look(30),
    "phone": Look(14, as_text=True),
    "street": Look(28),
    "city": Look(18),
    "county": Look(16, choices=COUNTIES.labels),
    "state": Look(18, choices=STATES.labels),
    "zip": Look(12, as_text=True),
    "gender": Look(20, choices=GENDERS.labels),
    "race": Look(30, choices=RACES.labels, several=True),
    "ethnicity": Look(24, choices=ETHNICITIES.labels),
    "industry": Look(38, choices=INDUSTRIES.labels),
    "external_id": Look(16, as_text=True),
}
LISTED = tuple(key for key, look in LOOKS.items() if look.choices)


def list_range(key: str) -> str:
    """Where the choices of a column stand on the sheet of lists, such as =Lists!$A$2:$A$101."""
    letter = chr(ord("A") + LISTED.index(key))
    return f"={LISTS_SHEET}!${letter}$2:${letter}${len(LOOKS[key].choices) + 1}"
