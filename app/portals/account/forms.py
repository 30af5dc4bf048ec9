"""Forms of signing in and of passwords."""

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, PasswordField, StringField
from wtforms.validators import EqualTo, InputRequired, Length, Optional

from app.web.forms import Form, MemorableDateField


class SignInForm(Form):
    """User name and password; what a lost session left travels in `kept`."""

    name = StringField(
        _l("User name"), [InputRequired(_l("Enter your user name")), Length(max=270)],
        render_kw={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"},
    )  # fmt: skip
    password = PasswordField(
        _l("Password"), [InputRequired(_l("Enter your password")), Length(max=200)],
        render_kw={"autocomplete": "current-password"},
    )  # fmt: skip
    next = HiddenField()
    kept = HiddenField()


class ForgottenForm(Form):
    """Whose password is forgotten."""

    name = StringField(
        _l("User name"), [InputRequired(_l("Enter your user name")), Length(max=270)],
        render_kw={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"},
    )  # fmt: skip


class NewPasswordForm(Form):
    """A new password, typed twice."""

    password = PasswordField(
        _l("New password"),
        [InputRequired(_l("Enter a password")), Length(max=128, message=_l("Choose one of at most 128 characters"))],
        render_kw={"autocomplete": "new-password"},
    )  # fmt: skip
    again = PasswordField(
        _l("The same password again"),
        [
            InputRequired(_l("Enter the same password again")),
            EqualTo("password", _l("The two passwords are not the same")),
        ],
        render_kw={"autocomplete": "new-password"},
    )


class ChangePasswordForm(NewPasswordForm):
    """The same for somebody signed in, who shows not to have found an open session."""

    asked_first = ("current",)

    current = PasswordField(
        _l("Your password until now"), [InputRequired(_l("Enter the password you have now")), Length(max=200)],
        render_kw={"autocomplete": "current-password"},
    )  # fmt: skip


class ClaimForm(NewPasswordForm):
    """The same for a recipient, who shows with the birth date that the mail reached the right person."""

    asked_first = ("birth_date",)

    birth_date = MemorableDateField(_l("Your date of birth"), [InputRequired(_l("Enter your date of birth"))])


class AddRoleForm(Form):
    """Name and password of the account to which the new role is added. `refused_in`: the realm that knows the name, or ""."""

    refused_in = ""
    realm = HiddenField()
    name = StringField(_l("User name you have already"), [InputRequired(_l("Enter your user name")), Length(max=270)])
    password = PasswordField(_l("Its password"), [InputRequired(_l("Enter your password")), Length(max=200)])
    birth_date = MemorableDateField(_l("Your date of birth"), [Optional()])


class EmptyForm(Form):
    """A button."""
