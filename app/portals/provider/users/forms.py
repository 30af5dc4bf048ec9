"""Forms of a location's users."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import EmailField, SelectField, StringField
from wtforms.validators import InputRequired

from app.domain.accounts.access import Role
from app.web.forms import Form, choices

PROFILE_WORDS = {
    Role.LOCATION_MANAGER.value: _l("Healthcare Location Manager"),
    Role.HEALTHCARE_PROVIDER.value: _l("Healthcare Provider"),
}


def _text(label: Any, missing: Any, kind: type[StringField] = StringField) -> Any:
    return kind(label, [InputRequired(missing)])


def _profile() -> Any:
    return SelectField(
        _l("Profile"),
        [InputRequired(_l("Choose the profile"))],
        choices=choices(PROFILE_WORDS.items(), _l("Choose one")),
        description=_l(
            "A Healthcare Provider checks in and vaccinates. A Healthcare Location Manager also looks after stock, "
            "uploads, organizations and users."
        ),
    )


class NewUserForm(Form):
    """A user who is to be invited."""

    first_name = _text(_l("First name"), _l("Enter the first name"))
    last_name = _text(_l("Last name"), _l("Enter the last name"))
    email = _text(_l("Business e-mail"), _l("Enter the e-mail address: the invitation goes there"), EmailField)
    ncid = _text(_l("NCID user name"), _l("Enter the NCID user name"))
    profile = _profile()


class GrantForm(Form):
    """A user of another location, by a whole NCID user name or e-mail address."""

    who = _text(_l("NCID user name or e-mail"), _l("Enter the whole NCID user name or e-mail address"))
    profile = _profile()


class ProfileForm(Form):
    """Another profile."""

    profile = _profile()


class ResendForm(Form):
    """The invitation once more, to the same address or to the right one."""

    email = EmailField(_l("E-mail"))


class ConfirmForm(Form):
    """One button."""
