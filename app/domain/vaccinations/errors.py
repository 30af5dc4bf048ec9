"""What visits, doses and proofs refuse."""

from app.domain.errors import Conflict, Refusal
from app.domain.vaccinations.cautions import Caution


class TooManySearches(Refusal):
    """Too many searches that found nobody, by one account or for one person. It passes by itself."""


class TicketExpired(Refusal):
    """The search result is too old, or it was another person's: search again."""


class VisitEnded(Conflict):
    """The visit was ended already: a dose was recorded, or the person left."""


class ConsentMissing(Refusal):
    """The person is a minor, and no parent or guardian is known to agree."""


class BadConsent(Refusal):
    """A consent without a name, or of nobody who may give it. `field` is `guardian_name` or `guardian_relation`."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


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
    """No dose can have been given then. `fault` is `future`, `before_birth`, `before_product` or `before_dose`."""

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


class DoseChanged(Conflict):
    """The dose was corrected, moved or removed since it was looked at; `version` is that of now."""

    def __init__(self, version: int) -> None:
        super().__init__(version)
        self.version = version


class DoseRemoved(Conflict):
    """The dose was removed: it stays on record as entered in error, and nothing more is done with it."""


class GivenElsewhere(Refusal):
    """The dose came from no stock of ours: it is removed and entered again, not corrected."""


class NothingChanged(Refusal):
    """The details are the same as before."""


class SamePerson(Refusal):
    """The dose is on this person's record already."""


class AlreadyOnRecord(Refusal):
    """A dose of that day is on the person's record already."""


class RecordClosed(Conflict):
    """By what is on record the person died before that day."""
