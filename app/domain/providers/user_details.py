"""The details of a location's user: each brought into the form that is kept, or refused with a reason."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from email_validator import EmailNotValidError, validate_email

from app.domain.accounts.access import Role
from app.domain.program.lookup import Choice, Choices
from app.domain.providers.user_errors import Reasons, UserRefused, Why

PROFILES = Choices(
    (
        Choice(Role.LOCATION_MANAGER.value, "Healthcare Location Manager", ("Location Manager", "Manager", "HLM")),
        Choice(Role.HEALTHCARE_PROVIDER.value, "Healthcare Provider", ("Provider", "HCP")),
    )
)
LONGEST = {"first_name": 40, "last_name": 80, "email": 254, "ncid": 60}
FIELDS = ("first_name", "last_name", "email", "ncid", "profile")

_NCID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._\-]*")
_APOSTROPHES = str.maketrans({"’": "'", "‘": "'", "`": "'", "´": "'"})
_NOT_IN_NAMES = frozenset("/\\:@<>")


@dataclass(frozen=True, slots=True)
class Details:
    """Who somebody is and what they may do. `ncid` is the user name in the Provider Portal."""

    first_name: str
    last_name: str
    email: str
    ncid: str
    role: Role


def details(typed: Mapping[str, str]) -> Details:
    """All of FIELDS, `profile` as a code or label of PROFILES. Raises UserRefused with every reason."""
    values, reasons = clean({name: typed.get(name, "") for name in FIELDS})
    if reasons:
        raise UserRefused(reasons)
    return Details(values["first_name"], values["last_name"], values["email"], values["ncid"], Role(values["profile"]))


def clean(typed: Mapping[str, str]) -> tuple[dict[str, str], Reasons]:
    """The good values as they are kept, and the reasons against the others; both by field."""
    values: dict[str, str] = {}
    reasons: Reasons = {}
    for name, text in typed.items():
        value, why = _clean_one(name, " ".join(text.split()))
        if why is None:
            values[name] = value
        else:
            reasons[name] = why
    return values, reasons


def profile(typed: str) -> Role:
    """The role that a profile means. Raises UserRefused."""
    values, reasons = clean({"profile": typed})
    if reasons:
        raise UserRefused(reasons)
    return Role(values["profile"])


def email_address(typed: str) -> str:
    """One address as it is kept. Raises UserRefused."""
    values, reasons = clean({"email": typed})
    if reasons:
        raise UserRefused(reasons)
    return values["email"]


def _clean_one(name: str, text: str) -> tuple[str, Why | None]:
    if not text:
        return "", Why("missing")
    if name in LONGEST and len(text) > LONGEST[name]:
        return "", Why("too_long", {"most": str(LONGEST[name])})
    if name == "email":
        return _email(text)
    if name == "ncid":
        return _ncid(text)
    if name == "profile":
        found = PROFILES.find(text)
        return (found.code, None) if found else ("", Why("unknown_profile"))
    return _name(text)


def _name(text: str) -> tuple[str, Why | None]:
    text = unicodedata.normalize("NFC", text.translate(_APOSTROPHES))
    letters = any(letter.isalpha() for letter in text) and not any(letter.isdigit() for letter in text)
    if not letters or not text.isprintable() or not _NOT_IN_NAMES.isdisjoint(text) or "www." in text.lower():
        return "", Why("bad_name")
    return text, None


def _email(text: str) -> tuple[str, Why | None]:
    try:
        return validate_email(text, check_deliverability=False).normalized, None
    except EmailNotValidError:
        return "", Why("bad_email")


def _ncid(text: str) -> tuple[str, Why | None]:
    if "@" in text:
        return "", Why("ncid_is_email")
    return (text, None) if _NCID.fullmatch(text) else ("", Why("bad_ncid"))
