"""Forms: shape is checked here, truth in the domain. Every form carries a key, so that it works once, and outlives
its session: what was typed comes back after signing in again."""

import secrets
from collections.abc import Iterable
from datetime import date
from functools import cache
from typing import Any

import phonenumbers
from flask import g, request
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from flask_wtf.form import _Auto
from werkzeug.datastructures import MultiDict
from wtforms import (  # type: ignore[attr-defined]
    Field,
    FileField,
    HiddenField,
    SelectChoice,
    SelectMultipleField,
    StringField,
)
from wtforms.i18n import get_translations
from wtforms.validators import StopValidation, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from app.web import sent_files
from app.web.resume import resumed_fields


class Form(FlaskForm):
    """The base of all forms that change something.

    `asked_first` names fields that stand on the page before those of the class that a form is built upon: mistakes are
    listed in the order of the fields.
    """

    asked_first: tuple[str, ...] = ()

    class Meta(FlaskForm.Meta):
        """Takes the typed text from the request, or from what a lost session left behind."""

        def wrap_formdata(self, form: Any, formdata: Any) -> Any:
            """On a GET, what was typed before the session was lost; None when nothing was."""
            if formdata is _Auto and request.method == "GET":
                return resumed_fields()
            takes = {field.name for field in form if isinstance(field, FileField)}
            return _readable(super().wrap_formdata(form, formdata), takes)

        def get_translations(self, form: Any) -> Any:
            """The library's own sentences; Flask-WTF would read their file anew with each request."""
            return _words_of_library(str(get_locale() or "en"))

    request_key = HiddenField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        first = {name: self[name] for name in self.asked_first}
        self._fields: dict[str, Any] = first | {field.short_name: field for field in self}
        self.request_key.data = self.request_key.data or secrets.token_urlsafe(18)

    def submitted(self) -> bool:
        """True for a POST from our own page in which every field has the right shape."""
        if request.method != "POST":
            return False
        valid, refused = self.validate(), sent_files.refused()
        for name in refused.keys() & {field.name for field in self}:
            self[name].errors, valid = refused[name], False
        if g.get("csrf_failed"):
            self.form_errors.append(
                _("This page had been open for a long time. Nothing is lost: check it, and press the button again.")
            )
            return False
        return bool(valid)


@cache
def _words_of_library(language: str) -> Any:
    return get_translations([language])


def without_nul(text: str) -> str:
    """The text without a sign that no keyboard types and that PostgreSQL cannot keep."""
    return text.replace("\x00", "")


def _readable(formdata: Any, takes: set[str]) -> Any:
    """What was typed, without NUL; nothing but blanks is nothing, so that they do not fill a field that must be.

    `takes`: the fields for files. No other field gets one: it would take it for a text.
    """
    if formdata is None:
        return None
    sent = [(name, value) for name, value in formdata.items(multi=True) if isinstance(value, str) or name in takes]
    return MultiDict([(name, _kept(value) if isinstance(value, str) else value) for name, value in sent])


def _kept(value: str) -> str:
    return "" if value.isspace() else without_nul(value)


def add_error(field: Any, message: str) -> None:
    """A rule of the domain said no: show it where the reader can mend it."""
    field.errors = [*field.errors, message]


def choices(pairs: Iterable[tuple[str, Any]], empty: Any = None) -> list[SelectChoice]:
    """Choices from (value, label) pairs, with an empty first one where a label for it is given."""
    first = [SelectChoice(value="", label=empty)] if empty is not None else []
    return first + [SelectChoice(value=value, label=label) for value, label in pairs]


class BoxesField(SelectMultipleField):
    """Several boxes to tick."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class PhoneField(StringField):
    """A US phone number, kept as ten digits however it was typed."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Ten digits where the text is a US number; else the text as typed, which `pre_validate` refuses."""
        super().process_formdata(valuelist)
        typed = (self.data or "").strip()
        self.data = typed
        if typed:
            try:
                number = phonenumbers.parse(typed, "US")
            except phonenumbers.NumberParseException:
                return
            national = str(number.national_number)
            if number.country_code == 1 and len(national) == 10 and not number.extension:
                self.data = national

    def pre_validate(self, form: Any) -> None:
        """Refuse anything but ten digits."""
        if self.data and not (len(self.data) == 10 and self.data.isdigit()):
            raise StopValidation(_("Enter a phone number with ten digits, such as 919 555 0100"))


class MemorableDateField(Field):
    """A date that people know by heart, typed as month, day and year."""

    def __init__(self, label: Any = None, validators: Any = None, **kwargs: Any) -> None:
        super().__init__(label, validators, **kwargs)
        self.month_value = self.day_value = self.year_value = ""

    def process(self, formdata: Any, *args: Any, **kwargs: Any) -> None:
        """One date from three inputs; `data` is None where they are no date, and what was typed is shown again."""
        super().process(formdata, *args, **kwargs)
        names = [f"{self.name}-{part}" for part in ("month", "day", "year")]
        if formdata is not None and any(name in formdata for name in names):
            typed = [str(formdata.get(name, "")).strip()[:10] for name in names]
            self.month_value, self.day_value, self.year_value = typed
            self.raw_data = ["/".join(typed)] if any(typed) else []
            self.data = _date_from(*typed)
        elif isinstance(self.data, date):
            self.month_value, self.day_value, self.year_value = (
                str(self.data.month), str(self.data.day), str(self.data.year)
            )  # fmt: skip

    def pre_validate(self, form: Any) -> None:
        """Refuse parts that are no date; nothing typed at all is for the field's own validators."""
        if self.raw_data and self.data is None:
            raise ValidationError(_("Enter a real date: month, day and a year with four digits, such as 4 28 1986"))


# Beyond these nothing here is dated, and a moment near the year 9999 is none in another zone.
_YEARS = range(1800, 2200)


def _date_from(month: str, day: str, year: str) -> date | None:
    if not (len(year) == 4 and month.isdecimal() and day.isdecimal() and year.isdecimal()):
        return None
    try:
        found = date(int(year), int(month), int(day))
    except ValueError:
        return None
    return found if found.year in _YEARS else None
