"""Forms of the second factor."""

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, PasswordField, StringField
from wtforms.validators import InputRequired, Length

from app.web.forms import Form

_TYPED = {"autocomplete": "one-time-code", "autocapitalize": "none", "spellcheck": "false"}


class CodeForm(Form):
    """The code of the app, or one of the recovery codes."""

    code = StringField(_l("Code"), [InputRequired(_l("Enter the code")), Length(max=40)], render_kw=_TYPED)
    next = HiddenField()


class AppCodeForm(Form):
    """The first code of an app that is being set up."""

    code = StringField(
        _l("The six digits that the app shows"), [InputRequired(_l("Enter the code")), Length(max=40)],
        render_kw={**_TYPED, "inputmode": "numeric"},
    )  # fmt: skip
    next = HiddenField()


class OwnPasswordForm(Form):
    """Whoever found a browser that somebody left signed in adds nothing by which to come again."""

    password = PasswordField(
        _l("Password"), [InputRequired(_l("Enter your password")), Length(max=200)],
        render_kw={"autocomplete": "current-password"},
    )  # fmt: skip


class KeptForm(Form):
    """The codes are written down."""

    next = HiddenField()


class ChangeForm(CodeForm):
    """A code, and with the button that was pressed what shall happen: codes, move or off."""

    act = HiddenField()
