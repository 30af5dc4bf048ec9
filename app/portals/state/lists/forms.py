"""One entry of a list."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, SelectField, StringField
from wtforms.validators import InputRequired, Length

from app.web.forms import Form, MemorableDateField, choices

SECTORS = {
    "frontline": _l("Frontline essential work"),
    "essential": _l("Other essential work"),
    "care": _l("Long-term care"),
    "none": _l("Neither"),
}


class EntryForm(Form):
    """Words, place, whether it is offered, and from which day."""

    label = StringField(_l("In English"), [Length(max=200)], render_kw={"autocomplete": "off"})
    label_es = StringField(_l("In Spanish"), [Length(max=200)], render_kw={"autocomplete": "off", "lang": "es"})
    sector = SelectField(
        _l("Place in the state’s plan"), choices=choices(SECTORS.items(), _l("Choose one")), validate_choice=False,
        description=_l("It decides who of this industry is eligible when. It never changes: people’s turns hang on it."),
    )  # fmt: skip
    place = StringField(
        _l("Place in the list"), [Length(max=5)], description=_l("1 is the first."), render_kw={"inputmode": "numeric"}
    )
    offered = BooleanField(_l("It can be chosen"))
    day = MemorableDateField(_l("Holds from"), [InputRequired(_l("Enter the day from which it holds"))])
