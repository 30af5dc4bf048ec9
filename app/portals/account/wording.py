"""What the account pages call things."""

from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.domain.accounts.sessions import AccountAsleep, TooManyAttempts


@dataclass(frozen=True, slots=True)
class RealmWords:
    """How one portal's sign-in page speaks."""

    title: Any
    name_hint: Any


REALM_WORDS = {
    "enrollment": RealmWords(_l("Provider Enrollment Portal"), _l("Your e-mail address, for example ann@example.org")),
    "provider": RealmWords(_l("Provider Portal"), _l("Your NCID user name")),
    "organization": RealmWords(
        _l("Organization Portal"), _l("Your e-mail address followed by .cvms.org, for example ann@example.org.cvms.org")
    ),
    "recipient": RealmWords(
        _l("COVID-19 Vaccine Portal"),
        _l("The user name that we made for you, for example mlopez-48213. It is in your mail."),
    ),
    "helpdesk": RealmWords(_l("Help Desk"), _l("Your Help Desk user id, for example HD123456")),
    "state": RealmWords(_l("State Portal"), _l("Your staff user name")),
}

_CRITERIA = {
    "length": _l("at least 12 characters"),
    "easy": _l("to be harder to guess: it is like one that many people use, or like your name"),
}


def why_not_now(refusal: TooManyAttempts | AccountAsleep) -> str:
    """Why somebody cannot sign in at this moment."""
    if isinstance(refusal, AccountAsleep):
        return _("This account was not used for a long time and sleeps. “Forgot your password?” below wakes it.")
    return _("Too many tries. Please wait fifteen minutes, then try again.")


def weak_password_text(unmet: list[str]) -> str:
    """What the password still needs."""
    return _("The password still needs: %(what)s", what=", ".join(str(_CRITERIA[key]) for key in unmet))
