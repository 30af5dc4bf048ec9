"""Forms of the vaccine products. Numbers are typed as text: the domain reads them and says what is wrong."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from app.domain.program.product_values import CHANGEABLE, LONGEST_STORAGE
from app.portals.state.products import wording
from app.web.forms import Form, MemorableDateField, choices


def _text(name: str) -> Any:
    return StringField(
        wording.LABELS[name], [Length(max=120)], description=wording.HINTS.get(name, ""),
        render_kw={"autocomplete": "off", "spellcheck": "false"},
    )  # fmt: skip


def _number(name: str) -> Any:
    return StringField(
        wording.LABELS[name], [Length(max=10)], description=wording.HINTS.get(name, ""),
        render_kw={"inputmode": "numeric", "autocomplete": "off"},
    )  # fmt: skip


class RulesForm(Form):
    """Every rule that may change, and the day from which it does."""

    youngest_age = _number("youngest_age")
    interval_days = _number("interval_days")
    grace_days = _number("grace_days")
    absolute_days = _number("absolute_days")
    late_days = _number("late_days")
    mixed_days = _number("mixed_days")
    extra_days = _number("extra_days")
    doses_per_vial = _number("doses_per_vial")
    beyond_use_hours = _number("beyond_use_hours")
    storage = TextAreaField(wording.LABELS["storage"], [Length(max=LONGEST_STORAGE)], render_kw={"rows": 4})
    fact_sheet = _text("fact_sheet")

    def typed(self) -> dict[str, str]:
        """The rules as they were typed."""
        return {name: str(self[name].data or "") for name in CHANGEABLE}


class ChangeForm(RulesForm):
    """A change of the rules, and an invented person to try it on."""

    day = MemorableDateField(_l("Holds from"), [InputRequired(_l("Enter the day from which it holds"))])
    try_age = StringField(
        _l("Age in years"), [Optional(), Length(max=3)], default="40", render_kw={"inputmode": "numeric"}
    )
    first_product = SelectField(_l("First dose"), choices=[], validate_choice=False)
    first_days = StringField(_l("So many days before"), [Length(max=4)], render_kw={"inputmode": "numeric"})
    second_product = SelectField(_l("Second dose"), choices=[], validate_choice=False)
    second_days = StringField(_l("So many days before"), [Length(max=4)], render_kw={"inputmode": "numeric"})
    try_weakened = BooleanField(_l("The person has a weakened immune system"))


class AddForm(RulesForm):
    """A new product."""

    asked_first = (
        "name", "manufacturer", "code", "cvx", "mvx", "volume_ml", "ndc_vial", "ndc_carton", "day", "series",
    )  # fmt: skip

    name = _text("name")
    manufacturer = _text("manufacturer")
    code = _text("code")
    cvx = _number("cvx")
    mvx = _text("mvx")
    ndc_vial = _text("ndc_vial")
    ndc_carton = _text("ndc_carton")
    volume_ml = _text("volume_ml")
    series = RadioField(
        wording.LABELS["doses_in_series"], [InputRequired(_l("Choose how many doses a series has"))],
        choices=choices([("1", _l("One dose")), ("2", _l("Two doses")), ("3", _l("Three doses"))]), default="2",
        description=_l("This never changes later: another series is another product."),
    )  # fmt: skip
    day = MemorableDateField(_l("Given from"), [InputRequired(_l("Enter the first day"))])


class EndForm(Form):
    """The last day on which a product is given."""

    day = MemorableDateField(_l("Last day on which it is given"))


class WithdrawForm(Form):
    """A button."""
