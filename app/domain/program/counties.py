"""The 100 counties of North Carolina and their FIPS codes.

FIPS 6-4 numbers counties within a state (37 is North Carolina) with odd numbers in alphabetical order, which
here sorts McDowell before Macon.
"""

from dataclasses import dataclass

from app.domain.program.lookup import Choices, fold

STATE_FIPS = "37"

_NAMES = """
Alamance, Alexander, Alleghany, Anson, Ashe, Avery, Beaufort, Bertie, Bladen, Brunswick, Buncombe, Burke,
Cabarrus, Caldwell, Camden, Carteret, Caswell, Catawba, Chatham, Cherokee, Chowan, Clay, Cleveland, Columbus,
Craven, Cumberland, Currituck, Dare, Davidson, Davie, Duplin, Durham, Edgecombe, Forsyth, Franklin, Gaston,
Gates, Graham, Granville, Greene, Guilford, Halifax, Harnett, Haywood, Henderson, Hertford, Hoke, Hyde,
Iredell, Jackson, Johnston, Jones, Lee, Lenoir, Lincoln, McDowell, Macon, Madison, Martin, Mecklenburg,
Mitchell, Montgomery, Moore, Nash, New Hanover, Northampton, Onslow, Orange, Pamlico, Pasquotank, Pender,
Perquimans, Person, Pitt, Polk, Randolph, Richmond, Robeson, Rockingham, Rowan, Rutherford, Sampson, Scotland,
Stanly, Stokes, Surry, Swain, Transylvania, Tyrrell, Union, Vance, Wake, Warren, Washington, Watauga, Wayne,
Wilkes, Wilson, Yadkin, Yancey
"""


@dataclass(frozen=True, slots=True)
class County:
    """A county: its five-digit FIPS code to keep, its name to read."""

    code: str
    label: str
    also: tuple[str, ...] = ()

    @property
    def fips(self) -> str:
        """The five digits."""
        return self.code

    @property
    def name(self) -> str:
        """The name without the word County."""
        return self.label


COUNTIES = Choices(
    County(f"{STATE_FIPS}{2 * place + 1:03}", name.strip()) for place, name in enumerate(_NAMES.split(","))
)


def county_by_name(text: str) -> County | None:
    """The county that a person means, with or without the word County, or by its FIPS code."""
    return COUNTIES.find(text) or COUNTIES.find(fold(text).removesuffix("county"))


def county_by_fips(fips: str) -> County | None:
    """The county of a five-digit code."""
    return COUNTIES.by_code(fips)
