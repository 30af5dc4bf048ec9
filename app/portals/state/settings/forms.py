"""A setting gets another value: chosen where there are few, typed where there are many."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import Field, RadioField, StringField
from wtforms.validators import DataRequired, InputRequired, Length

from app.domain.program.settings import CVRS_MODEL, SECOND_FACTOR_ROLES, SELF_REGISTRATION_OPEN, Key
from app.portals.state.settings.wording import CHOICES
from app.web.forms import BoxesField, Form, MemorableDateField, choices
from app.web.role_words import ROLE_WORDS

_NEW = _l("New value")
_DECIDES = [InputRequired(_l("Choose the new value"))]
_NONE = "none"
_FIELDS: dict[str, Any] = {
    **{
        key.name: RadioField(_NEW, _DECIDES, choices=choices(CHOICES[key.name].items()))
        for key in (SELF_REGISTRATION_OPEN, CVRS_MODEL)
    },
    SECOND_FACTOR_ROLES.name: BoxesField(
        _NEW, choices=choices([(role.value, word) for role, word in ROLE_WORDS.items()]), description=_l("Tick none to ask nobody.")
    ),
}
_TYPED = StringField(_NEW, [DataRequired(_l("Enter the new value")), Length(max=200)])


class SettingForm(Form):
    """The new value, and the day from which it holds."""

    value: Field
    day = MemorableDateField(_l("Holds from"), [DataRequired(_l("Enter the day from which it holds"))])

    @property
    def text(self) -> str:
        """The value as the setting reads it."""
        told = self.value.data
        return ", ".join(told) or _NONE if isinstance(told, list) else told or ""


def form_for(key: Key[Any], value: Any, **data: Any) -> SettingForm:
    """The form of a setting, filled with what it is."""
    kind = type("OneSettingForm", (SettingForm,), {"value": _FIELDS.get(key.name, _TYPED)})
    made: SettingForm = kind(data={"value": value if isinstance(value, list) else key.write(value), **data})
    return made
