"""What every form has in common with which somebody asks for help: how often, in which language, why it is refused."""

from typing import TYPE_CHECKING, Any

from flask_babel import get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.domain.accounts import attempts
from app.domain.accounts.names import fold_name
from app.domain.accounts.sessions import WINDOW
from app.domain.helpdesk.errors import BadAttachment, BadRequest
from app.web import context

if TYPE_CHECKING:
    from app.domain.helpdesk.models import RequestType

PER_ADDRESS = 20
PER_MAILBOX = 6
_MISSING: dict[str, Any] = {
    "first_name": _l("Enter the first name"),
    "last_name": _l("Enter the last name"),
    "email": _l("Enter an e-mail address: answers come by mail"),
    "request_type": _l("Choose what it is about"),
    "description": _l("Describe what you need"),
    "organization_name": _l("Enter the name of the organization"),
    "text": _l("Write something first"),
    "resolution": _l("Choose how it was settled"),
    "score": _l("Choose one of the five"),
    "terms": _l("Tick this box if you agree"),
}
_FILES: dict[str, Any] = {
    "empty": _l("“%(name)s” is empty. Choose it again."),
    "too_big": _l("“%(name)s” is larger than 10 MB. Send it smaller, or in parts."),
    "kind": _l(
        "“%(name)s” is of a kind that we do not take. Send a PDF, picture (JPEG, PNG), workbook (.xlsx), CSV or text."
    ),
    "damaged": _l("“%(name)s” is damaged or did not arrive whole. Choose it again."),
    "too_many": _l("These are too many files: up to five at once. Take some out, and send them with an answer later."),
}


def too_many_requests(mailbox: str) -> bool:
    """True where this address of the net, or this mailbox, sent many requests within a few minutes."""
    return attempts.any_blocked(context.db(), _limits(mailbox), within=WINDOW, now=context.now())


def count_request(mailbox: str) -> None:
    """Count a request that was sent, together with it."""
    tries = ((what, key) for what, key, _most in _limits(mailbox))
    attempts.note_with(context.db(), *tries, now=context.now())


def why_too_many() -> str:
    """What is said above the form, which keeps what was typed."""
    return _("Many requests came from here within a few minutes. Wait fifteen minutes and send it again, or call us.")


def language_of_request() -> str:
    """The language in which the request is answered: that of the page."""
    return "es" if str(get_locale()) == "es" else "en"


def name_of_type(kind: "RequestType") -> str:
    """The name of a request type in the reader's language."""
    spanish = str(get_locale() or "en").startswith("es") and kind.name_es
    return kind.name_es if spanish else _(kind.name)


def why_bad_file(refusal: BadAttachment) -> str:
    """The sentence beside the files."""
    return str(_FILES[refusal.why]) % {"name": refusal.filename}


def why_bad_request(refusal: BadRequest) -> str:
    """The sentence beside the field that the refusal names."""
    if refusal.fault == "missing":
        return str(_MISSING.get(refusal.field, _("Fill this in")))
    if refusal.fault == "too_long":
        return _("This is too long: use %(limit)s characters or fewer", limit=refusal.limit)
    if refusal.fault == "bad_name":
        return _("Use letters only: no digits, no web address")
    if refusal.fault == "bad_email":
        return _("This is no e-mail address. It looks like name@example.org")
    if refusal.fault == "bad_phone":
        return _("Enter a phone number with ten digits, such as 919 555 0100")
    if refusal.fault == "unreachable":
        return _("Write down a phone number or an e-mail address: somebody has to reach the caller")
    if refusal.fault == "bad_pin":
        return _("A Provider PIN is NCA and six digits, such as NCA650001; leave it empty if you do not know it")
    return _("Choose one of the list")


def _limits(mailbox: str) -> tuple[tuple[str, str, int], ...]:
    return (
        ("help", context.client_address(), PER_ADDRESS),
        ("help-mailbox", fold_name(mailbox), PER_MAILBOX),
    )
