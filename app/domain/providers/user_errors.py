"""What speaks against taking on, granting or deactivating a user of a location: one code each, and its sentence."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from app.domain.errors import Refusal

SENTENCES = {
    "missing": "Fill this in.",
    "too_long": "Use %(most)s characters or fewer.",
    "bad_name": "Write the name as it is on official papers: letters, no digits.",
    "bad_email": "Write one e-mail address, like name@example.org.",
    "ncid_is_email": "Write the NCID user name here, not the e-mail address.",
    "bad_ncid": "An NCID user name has letters and digits and no spaces, like jdoe2.",
    "unknown_profile": "Choose Healthcare Location Manager or Healthcare Provider.",
    "unknown_action": "Choose Add or Deactivate. Left empty it means Add.",
    "ncid_of_another": "This NCID user name belongs to somebody with another name. Check both.",
    "ncid_invited": "Somebody with this NCID user name is invited at another e-mail address. Check both.",
    "other_ncid": "Somebody with this name and e-mail address has another NCID user name. Check it.",
    "present": "This person is a user of this location already.",
    "other_profile": "This person is a user of this location already, with the other profile. Change it on the page Users.",
    "not_here": "Nobody with this NCID user name is a user of this location.",
    "oneself": "You cannot do this to yourself. Ask another Location Manager.",
    "last_manager": "This is the only Location Manager here. Make somebody else a Location Manager first.",
    "account_closed": "This account is closed, so nobody can sign in to it. Ask the Help Desk to have it opened again.",
    "other_location": "This row is for another location. Upload it there, or leave this empty.",
    "repeated": "This NCID user name is in row %(row)s already. Delete one of the two rows.",
}


@dataclass(frozen=True, slots=True)
class Why:
    """One reason: `code` is a key of SENTENCES, `facts` are the values that its sentence names."""

    code: str
    facts: Mapping[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return SENTENCES[self.code] % self.facts


Reasons = dict[str, Why]


class UserRefused(Refusal):
    """The details of a user cannot be taken. `reasons` are by field: first_name, last_name, email, ncid, profile."""

    def __init__(self, reasons: Reasons) -> None:
        super().__init__(", ".join(reasons))
        self.reasons = reasons


class NotDone(Refusal):
    """Something that cannot be done with this user: `why` is oneself, last_manager, present or account_closed."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.why = Why(code)


class NobodyFound(Refusal):
    """No user of any location has exactly this NCID user name or e-mail address."""


class SeveralFound(Refusal):
    """Several users share this mailbox: the NCID user name tells which one is meant."""


class TooManySearches(Refusal):
    """Wait a quarter of an hour."""


class AlreadySignedIn(Refusal):
    """There is no open invitation: they have an account already, or were deactivated."""
