"""What joining and separating records refuses."""

from app.domain.errors import Conflict, Refusal


class SamePerson(Conflict):
    """Both records are of one person already: somebody was faster, or the same was chosen twice."""


class ChoiceMissing(Refusal):
    """Something must be chosen first: `names` tells what (columns of FIELDS, "account", "died")."""

    def __init__(self, names: tuple[str, ...]) -> None:
        super().__init__(", ".join(names))
        self.names = names


class ChangedSince(Conflict):
    """One of the records is not the one that was looked at."""


class UndoLaterFirst(Refusal):
    """The record that was kept has itself been joined with another since: that is undone first."""


class ReasonMissing(Refusal):
    """Records are not separated without a word why."""
