"""The states and territories of an address, by their two letters (U.S. Postal Service, Publication 28)."""

from dataclasses import dataclass

from app.domain.program.lookup import Choices


@dataclass(frozen=True, slots=True)
class State:
    """A state: two letters to keep, the name spelled out to read."""

    code: str
    label: str
    also: tuple[str, ...] = ()

    @property
    def abbr(self) -> str:
        """The two letters."""
        return self.code

    @property
    def name(self) -> str:
        """The name spelled out."""
        return self.label


STATES = Choices(
    (
        State("AL", "Alabama"),
        State("AK", "Alaska"),
        State("AZ", "Arizona"),
        State("AR", "Arkansas"),
        State("CA", "California"),
        State("CO", "Colorado"),
        State("CT", "Connecticut"),
        State("DE", "Delaware"),
        State("DC", "District of Columbia", ("Washington DC", "Washington, District of Columbia")),
        State("FL", "Florida"),
        State("GA", "Georgia"),
        State("HI", "Hawaii"),
        State("ID", "Idaho"),
        State("IL", "Illinois"),
        State("IN", "Indiana"),
        State("IA", "Iowa"),
        State("KS", "Kansas"),
        State("KY", "Kentucky"),
        State("LA", "Louisiana"),
        State("ME", "Maine"),
        State("MD", "Maryland"),
        State("MA", "Massachusetts"),
        State("MI", "Michigan"),
        State("MN", "Minnesota"),
        State("MS", "Mississippi"),
        State("MO", "Missouri"),
        State("MT", "Montana"),
        State("NE", "Nebraska"),
        State("NV", "Nevada"),
        State("NH", "New Hampshire"),
        State("NJ", "New Jersey"),
        State("NM", "New Mexico"),
        State("NY", "New York"),
        State("NC", "North Carolina", ("N Carolina", "No Carolina")),
        State("ND", "North Dakota", ("N Dakota",)),
        State("OH", "Ohio"),
        State("OK", "Oklahoma"),
        State("OR", "Oregon"),
        State("PA", "Pennsylvania"),
        State("RI", "Rhode Island"),
        State("SC", "South Carolina", ("S Carolina", "So Carolina")),
        State("SD", "South Dakota", ("S Dakota",)),
        State("TN", "Tennessee"),
        State("TX", "Texas"),
        State("UT", "Utah"),
        State("VT", "Vermont"),
        State("VA", "Virginia"),
        State("WA", "Washington", ("Washington State",)),
        State("WV", "West Virginia", ("W Virginia",)),
        State("WI", "Wisconsin"),
        State("WY", "Wyoming"),
        State("AS", "American Samoa"),
        State("GU", "Guam"),
        State("MP", "Northern Mariana Islands"),
        State("PR", "Puerto Rico"),
        State(
            "VI",
            "U.S. Virgin Islands",
            ("Virgin Islands", "US Virgin Islands", "United States Virgin Islands"),
        ),
        State("AA", "Armed Forces Americas"),
        State("AE", "Armed Forces Europe"),
        State("AP", "Armed Forces Pacific"),
    )
)


def state_by_name(text: str) -> State | None:
    """The state that a person means, spelled out or by its two letters, in any case."""
    return STATES.find(text)
