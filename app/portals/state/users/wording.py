"""Why something was not done with somebody's account, in words."""

from typing import Any

from flask_babel import gettext as _

from app.domain.errors import Refusal
from app.domain.oversight import errors
from app.domain.oversight.invite_staff import NameTaken
from app.domain.providers.user_errors import SENTENCES, UserRefused
from app.web.forms import Form, add_error
from app.web.role_words import ROLE_WORDS, STATUS, WHAT_IT_MAY, role_word

__all__ = ["ROLE_WORDS", "STATUS", "WHAT_IT_MAY", "put_reasons", "role_word", "why_not"]


def why_not(refusal: Refusal) -> str:
    """A refusal of the domain as a sentence; raises it again where there is none."""
    words: dict[type[Refusal], Any] = {
        errors.NotOnOneself: _("This is your own account. A colleague can do this for you."),
        errors.AboveOneself: _("This role may do more than you may, so somebody with more rights has to do this."),
        errors.LastAdministrator: _(
            "This is the only state administrator who can sign in. Make somebody else one first, without a last day."
        ),
        errors.ReasonMissing: _("Say why in a few words; colleagues read it"),
        errors.PlaceMissing: _("Choose a place where the role can be given"),
        errors.EndsTooEarly: _("Enter a day that is not past"),
        errors.HeldAlready: _("They have this role there already."),
        errors.NoMailbox: _("This account has no e-mail address, so no mail can be sent."),
    }
    if type(refusal) not in words:
        raise refusal
    return str(words[type(refusal)])


def put_reasons(form: Form, refusal: UserRefused) -> None:
    """Every reason beside its field."""
    if isinstance(refusal, NameTaken):
        add_error(form["user_name"], _("Somebody has this user name, or is invited with it. Choose another one."))
        return
    for name, why in refusal.reasons.items():
        told = _("Use letters, digits, dots, dashes and no spaces.") if name == "user_name" else _(SENTENCES[why.code]) % why.facts
        add_error(form[name], told)
