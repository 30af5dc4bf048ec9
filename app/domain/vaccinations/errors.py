"""What visits, doses and proofs refuse."""

from app.domain.errors import Conflict, Refusal
from app.domain.vaccinations.cautions import Caution


class TooManySearches(Refusal):
    """Too many searches that found nobody, by one account or for one person. It passes by itself."""


class TicketExpired(Refusal):
    """The search result is too old, or it was another person's: search again."""


class VisitEnded(Conflict):
    """The visit was ended already: a dose was recorded, or the person left."""


class IncompleteAnswers(Refusal):
    """Some screening questions have no answer; `missing` names them."""

    def __init__(self, missing: tuple[str, ...]) -> None:
        super().__init__(missing)
        self.missing = missing


class NeedsReasons(Refusal):
    """The dose may be given, but somebody must say why; `cautions` are those without a reason."""

    def __init__(self, cautions: tuple[Caution, ...]) -> None:
        super().__init__(cautions)
        self.cautions = cautions


class BadDoseTime(Refusal):
    """No dose can have been given then. `fault` is `future` or `before_birth`."""

    def __init__(self, fault: str) -> None:
        super().__init__(fault)
        self.fault = fault


class BadDose(Refusal):
    """A detail of the dose that no list knows; `field` names it."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


class NoDosesYet(Refusal):
    """There is nothing to prove: no dose is recorded."""
