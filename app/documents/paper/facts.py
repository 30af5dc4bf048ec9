"""What is printed on a paper form before anybody writes on it."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class PaperPerson:
    """Somebody of the day's list. Empty: a form to be filled in from its first line."""

    last_name: str = ""
    first_name: str = ""
    birth_date: date | None = None


@dataclass(frozen=True, slots=True)
class PaperFacts:
    """`day` is None where the date is to be written by hand. One sheet for each of `people`, or one row of the tally.

    `products` are the names of the vaccines to tick, `questions` the codes of the screening questions in their order,
    `edition` the questionnaire that they belong to.
    """

    location_name: str
    program_name: str
    day: date | None
    people: tuple[PaperPerson, ...]
    products: tuple[str, ...]
    edition: str
    questions: tuple[str, ...]
