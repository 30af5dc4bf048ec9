"""Why something cannot be done with somebody's account."""

from app.domain.errors import NotAllowed, Refusal


class NotOnOneself(NotAllowed):
    """Nobody changes what they may do themselves: a colleague does."""


class AboveOneself(NotAllowed):
    """Nobody gives or takes a role with more rights than their own."""


class LastAdministrator(Refusal):
    """The program keeps a state administrator who can sign in, without an end date."""


class ReasonMissing(Refusal):
    """A few words why are needed; they stay with the account."""


class PlaceMissing(Refusal):
    """The role is for a place, and there is no such place or it is closed."""


class EndsTooEarly(Refusal):
    """A role ends on a day to come."""


class HeldAlready(Refusal):
    """The account has this role there."""


class NoMailbox(Refusal):
    """The account has no e-mail address, or nothing to sign in with: no mail can help."""
