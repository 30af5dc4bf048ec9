"""How users of a location are spoken of."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.domain.providers.user_errors import SENTENCES, UserRefused, Why
from app.portals.provider.users.forms import PROFILE_WORDS
from app.web.forms import Form, add_error

STATUS: dict[str, tuple[str, Any]] = {
    "active": ("success", _l("Signed in")),
    "quiet": ("neutral", _l("Not signed in yet")),
    "invited": ("info", _l("Invitation pending")),
    "mail_trouble": ("warning", _l("The mail did not arrive")),
    "deactivated": ("neutral", _l("Deactivated")),
}


def status_of(user: Any) -> tuple[str, Any]:
    """The sign and the words of how far somebody has come."""
    return STATUS["quiet" if user.status == "active" and user.last_sign_in is None else user.status]


def profile_of(user: Any) -> Any:
    """The profile in words."""
    return PROFILE_WORDS[user.role.value]


def why_text(why: Why) -> str:
    """A reason in the reader's language."""
    return str(_(SENTENCES[why.code]) % why.facts)


def put_reasons(form: Form, refusal: UserRefused) -> None:
    """Every reason beside its field."""
    for name, why in refusal.reasons.items():
        add_error(form[name], why_text(why))
