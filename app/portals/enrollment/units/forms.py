"""A storage unit as a form."""

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import HiddenField, RadioField
from wtforms.validators import InputRequired

from app.domain.enrollment.lists import UNIT_KINDS
from app.web.forms import Form, choices
from app.web.organization_form import text_field

SIDES = ("outside", "inside")


class UnitForm(Form):
    """What it is, and a picture of either side. `…_kept` seals a picture that came with a form that had mistakes."""

    brand = text_field(_l("Brand"), 80, required=_l("Enter the brand, as it stands on the unit"))
    model = text_field(_l("Model"), 80, required=_l("Enter the model, as it stands on the unit or its type plate"))
    kind = RadioField(
        _l("Type"),
        [InputRequired(_l("Choose the type"))],
        choices=choices((entry.code, _l(entry.label)) for entry in UNIT_KINDS.entries),
    )
    outside = FileField(_l("Picture of the outside, with the door closed"))
    inside = FileField(_l("Picture of the inside, with the door open"))
    outside_kept = HiddenField()
    inside_kept = HiddenField()
