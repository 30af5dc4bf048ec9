"""The details of organizations and contacts: each brought into the form that is kept, or refused."""

import re
from collections.abc import Callable, Mapping

from email_validator import EmailNotValidError, validate_email

from app.domain.organizations.errors import DetailRefused
from app.domain.program.industries import INDUSTRIES
from app.domain.program.states import state_by_name
from app.infra.search import fold

HOME_COUNTRY = "United States"
_HOME_NAMES = {"usa", "us", "u s", "u s a", "united states", "united states of america", "america"}
_ZIP = re.compile(r"(\d{5})[- ]?(\d{4})?", re.ASCII)
_NOT_DIGITS = re.compile(r"[\s().\-/+]")


def clean(field: str, typed: str) -> str:
    """The value of an organization's or a contact's detail as it is kept. Raises DetailRefused.

    Fields: name, industry (code or label), street, city, state (spelled out or two letters; kept as two
    letters), zip, country, phone (kept as ten digits), first_name, last_name, email.
    """
    return _RULES[field](field, " ".join(typed.split()))


def clean_all(values: Mapping[str, str]) -> dict[str, str]:
    """The same for several details, by field. Raises DetailRefused for the first that cannot be kept."""
    return {field: clean(field, typed) for field, typed in values.items()}


def _text(longest: int, *, required: bool = False) -> Callable[[str, str], str]:
    def rule(field: str, typed: str) -> str:
        if required and not fold(typed):
            raise DetailRefused(field, "missing")
        if len(typed) > longest:
            raise DetailRefused(field, "too_long")
        if not typed.isprintable():
            raise DetailRefused(field, "malformed")
        return typed

    return rule


def _person_name(longest: int) -> Callable[[str, str], str]:
    plain = _text(longest, required=True)

    def rule(field: str, typed: str) -> str:
        typed = plain(field, typed)
        if not any(letter.isalpha() for letter in typed) or any(letter.isdigit() for letter in typed):
            raise DetailRefused(field, "malformed")
        return typed

    return rule


def _industry(field: str, typed: str) -> str:
    if not typed:
        raise DetailRefused(field, "missing")
    if (found := INDUSTRIES.find(typed)) is None:
        raise DetailRefused(field, "unknown")
    return found.code


def _state(field: str, typed: str) -> str:
    if not typed:
        return ""
    if (found := state_by_name(typed)) is None:
        raise DetailRefused(field, "unknown")
    return found.abbr


def _zip(field: str, typed: str) -> str:
    if not typed:
        return ""
    if (found := _ZIP.fullmatch(typed)) is None:
        raise DetailRefused(field, "malformed")
    return f"{found[1]}-{found[2]}" if found[2] else found[1]


def _country(field: str, typed: str) -> str:
    typed = _text(60)(field, typed)
    return HOME_COUNTRY if not typed or fold(typed) in _HOME_NAMES else typed


def _phone(field: str, typed: str) -> str:
    digits = _NOT_DIGITS.sub("", typed)
    if len(digits) == 11:
        digits = digits.removeprefix("1")
    if digits and not (len(digits) == 10 and digits.isascii() and digits.isdigit()):
        raise DetailRefused(field, "malformed")
    return digits


def _email(field: str, typed: str) -> str:
    if not typed:
        raise DetailRefused(field, "missing")
    if len(typed) > 254:
        raise DetailRefused(field, "too_long")
    try:
        return validate_email(typed, check_deliverability=False).normalized
    except EmailNotValidError as error:
        raise DetailRefused(field, "malformed") from error


_RULES: dict[str, Callable[[str, str], str]] = {
    "name": _text(255, required=True),
    "industry": _industry,
    "street": _text(255),
    "city": _text(80),
    "state": _state,
    "zip": _zip,
    "country": _country,
    "phone": _phone,
    "first_name": _person_name(40),
    "last_name": _person_name(80),
    "email": _email,
}
