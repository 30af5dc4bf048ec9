"""Who registers, and the answer to the mail to an address on record."""

from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import StringField
from wtforms.validators import InputRequired, ValidationError

from app.domain.recipients.row_values import Unclear, read_birth_date, read_email, read_name
from app.web import context
from app.web.forms import Form, MemorableDateField


class RegisterForm(Form):
    """As much as it takes to know a person, and no more."""

    first_name = StringField(
        _l("Legal first name"),
        [InputRequired(_l("Enter your first name"))],
        description=_l("As on your driver license, passport or other ID, so that the clinic finds you."),
        render_kw={"autocomplete": "given-name"},
    )
    last_name = StringField(
        _l("Legal last name"), [InputRequired(_l("Enter your last name"))], render_kw={"autocomplete": "family-name"}
    )
    birth_date = MemorableDateField(
        _l("Your date of birth"),
        [InputRequired(_l("Enter your date of birth"))],
        description=_l("It tells people of the same name apart. For example: 4 28 1986"),
    )
    email = StringField(
        _l("Your e-mail address"),
        [InputRequired(_l("Enter your e-mail address"))],
        description=_l("We send a link there, to be sure that it is yours. Families may share an address."),
        render_kw={"autocomplete": "email", "inputmode": "email", "spellcheck": "false", "autocapitalize": "none"},
    )

    def validate_first_name(self, field: Any) -> None:
        """A legal name, as the record takes it."""
        _read(field, lambda: read_name(field.data.strip(), longest=40))

    def validate_last_name(self, field: Any) -> None:
        """A legal name, as the record takes it."""
        _read(field, lambda: read_name(field.data.strip(), longest=80))

    def validate_birth_date(self, field: Any) -> None:
        """Neither in the future nor more than a life ago."""
        if isinstance(field.data, date):
            _read(field, lambda: read_birth_date(field.data, today=context.today()))

    def validate_email(self, field: Any) -> None:
        """An address that mail can go to."""
        try:
            field.data = read_email(field.data.strip())
        except Unclear as unclear:
            raise ValidationError(_("Write your e-mail address like name@example.org")) from unclear


class SamePersonForm(Form):
    """The birth date shows that the mail reached the right person."""

    birth_date = MemorableDateField(_l("Your date of birth"), [InputRequired(_l("Enter your date of birth"))])


def _read(field: Any, read: Any) -> None:
    try:
        field.data = read()
    except Unclear as unclear:
        raise ValidationError(_(unclear.sentence, **unclear.facts)) from unclear
