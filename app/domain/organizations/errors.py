"""What the rules of organizations and their contacts refuse, with the facts that explain it."""

from typing import TYPE_CHECKING, Literal

from app.domain.errors import Refusal

if TYPE_CHECKING:
    from app.domain.organizations.models import PointOfContact
    from app.domain.organizations.search import Match

Reason = Literal["missing", "too_long", "unknown", "malformed"]


class DetailRefused(Refusal):
    """One detail cannot be kept as it was typed. `field` is its name, `reason` what is wrong with it."""

    def __init__(self, field: str, reason: Reason) -> None:
        super().__init__(field, reason)
        self.field, self.reason = field, reason


class LikelyDuplicates(Refusal):
    """Organizations that are probably the same: to be looked at before a second one is created."""

    def __init__(self, matches: "tuple[Match, ...]") -> None:
        super().__init__(len(matches))
        self.matches = matches


class RightPersonNotConfirmed(Refusal):
    """Whoever creates a contact must have asked whether this is the right person."""


class AlreadyContact(Refusal):
    """The organization has a contact with this e-mail address already."""

    def __init__(self, contact: "PointOfContact") -> None:
        super().__init__(contact.id)
        self.contact = contact


class AlreadySignedIn(Refusal):
    """The contact has accepted the invitation: there is nothing to send again."""
