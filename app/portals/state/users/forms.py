"""Forms about users: the search, a role, a reason, an invitation."""

from typing import Any

from flask import request
from flask_babel import lazy_gettext as _l
from wtforms import EmailField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from app.domain.accounts.access import Role
from app.web.forms import Form, MemorableDateField, choices
from app.web.role_words import ROLE_WORDS
from app.web.sealed import NameSearch, seal

LONGEST_PLACE = 100


class UserSearch(NameSearch):
    """By name, user name or e-mail, narrowed by role and place."""

    role = SelectField(_l("Role"), choices=choices([(one.value, word) for one, word in ROLE_WORDS.items()], _l("All")))
    place = StringField(_l("Place"), filters=[lambda typed: (typed or "").strip()[:LONGEST_PLACE]])

    def __init__(self) -> None:
        super().__init__(**{key: request.args.get(key, "") for key in ("role", "place")})

    def chosen_role(self) -> Role | None:
        """The role; None for all, and for one that does not exist."""
        return Role(self.role.data) if self.role.data in {one.value for one in Role} else None

    def arguments(self) -> dict[str, Any]:
        """The address of the answer, with the name sealed."""
        q = seal({"name": self.typed}) if self.typed.strip() else None
        return {"q": q, "role": self.role.data or None, "place": self.place.data or None}


class GiveForm(Form):
    """A place where the role is for one, and its last day where it ends."""

    place = RadioField(_l("Place"), [InputRequired(_l("Choose the place"))], choices=[])
    last_day = MemorableDateField(
        _l("Last day"), [Optional()], description=_l("Leave it empty for a role without an end.")
    )


class ReasonForm(Form):
    """Why; it stays with the account."""

    because = TextAreaField(
        _l("Why?"),
        [InputRequired(_l("Say why in a few words; colleagues read it")), Length(max=255, message=_l("Use 255 characters or fewer"))],
    )  # fmt: skip


class ConfirmForm(Form):
    """One button."""


class ResendForm(Form):
    """The invitation once more, to the same address or to the right one."""

    email = EmailField(_l("E-mail"))


def _text(label: Any, missing: Any, kind: type[StringField] = StringField) -> Any:
    return kind(label, [InputRequired(missing)])


class InviteForm(Form):
    """Somebody who is to work for the program or at the help desk."""

    first_name = _text(_l("First name"), _l("Enter the first name"))
    last_name = _text(_l("Last name"), _l("Enter the last name"))
    email = _text(_l("Business e-mail"), _l("Enter the e-mail address: the invitation goes there"), EmailField)
    user_name = _text(_l("User name"), _l("Enter the user name with which they will sign in"))
    role = RadioField(_l("Role"), [InputRequired(_l("Choose the role"))], choices=[])
    team = SelectField(_l("Team"), [Optional()], description=_l("For the Help Desk only."))
