"""The gallery: every component once, with invented values, so that a new look is judged in one place."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import (
    BooleanField,
    EmailField,
    HiddenField,
    IntegerField,
    PasswordField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired
from wtforms.widgets import CheckboxInput, ListWidget

from app.web.forms import Form, MemorableDateField, PhoneField, add_error, choices
from app.web.gallery_charts import sample_charts

_YES_NO = [("yes", _l("Yes")), ("no", _l("No")), ("unknown", _l("Do not know"))]
_SITES = [("left", _l("Left arm")), ("right", _l("Right arm"))]
_CONDITIONS = [("asthma", _l("Asthma")), ("diabetes", _l("Diabetes")), ("pregnancy", _l("Pregnancy"))]


class GalleryForm(Form):
    """Every kind of field that a form of ours may hold."""

    name = StringField(_l("Legal name"), [InputRequired(_l("Enter the legal name"))])
    email = EmailField(_l("E-mail"), description=_l("The welcome mail goes here."))
    phone = PhoneField(_l("Phone"), render_kw={"inputmode": "tel"})
    born = MemorableDateField(_l("Date of birth"), [InputRequired(_l("Enter the date of birth"))])
    doses = IntegerField(_l("Doses"))
    site = SelectField(
        _l("Site"), [InputRequired(_l("Choose a site"))], choices=choices(_SITES, _l("Choose one"))
    )
    sick = RadioField(
        _l("Do you feel sick today?"), [InputRequired(_l("Choose an answer"))], choices=choices(_YES_NO)
    )
    conditions = SelectMultipleField(
        _l("Conditions"), choices=choices(_CONDITIONS), widget=ListWidget(), option_widget=CheckboxInput()
    )
    notes = TextAreaField(_l("Notes"))
    workbook = FileField(_l("Workbook"))
    password = PasswordField(_l("New password"))
    again = PasswordField(_l("The same password again"))
    right_person = BooleanField(
        _l("I confirm that this is the right person"), [InputRequired(_l("Please confirm this"))]
    )


class PencilForm(Form):
    """One detail that is being mended."""

    city = StringField(_l("City"), [InputRequired(_l("Enter the city"))])
    version = HiddenField()


@dataclass(frozen=True, slots=True)
class Lot:
    """A row for the table."""

    number: str
    product: str
    doses: int
    expires: date
    kind: str
    state: Any


def gallery_context() -> dict[str, Any]:
    """What gallery/components.html shows: a form, the same with mistakes, a pencil and some rows."""
    wrong = GalleryForm(formdata=None, prefix="wrong")
    for field in (wrong.name, wrong.born, wrong.site, wrong.sick, wrong.right_person):
        add_error(field, _l("Please fill in this field"))
    wrong.form_errors = [_l("This lot has only 3 doses left.")]
    return {
        "form": GalleryForm(formdata=None),
        "wrong": wrong,
        "pencil_form": PencilForm(formdata=None, data={"city": "Raleigh", "version": "3"}),
        "charts": sample_charts(),
        "lots": [
            Lot("EK9231", "Pfizer-BioNTech", 195, date(2021, 6, 30), "success", _l("Usable")),
            Lot("013L20A", "Moderna", 20, date(2021, 3, 14), "warning", _l("Expires soon")),
            Lot("1805031", "Janssen", 5, date(2021, 2, 28), "error", _l("Expired")),
        ],
    }
