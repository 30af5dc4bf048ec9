"""Values of settings in words."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.domain.program.settings import CVRS_MODEL, SELF_REGISTRATION_OPEN, Key
from app.web.role_words import role_word

CHOICES: dict[str, dict[str, Any]] = {
    SELF_REGISTRATION_OPEN.name: {"yes": _l("Yes"), "no": _l("No")},
    CVRS_MODEL.name: {"D": _l("Without names and streets (D)"), "I": _l("With names and streets (I)")},
}
"""By setting and by what is kept; the others are typed."""


def value_words(key: Key[Any], value: Any) -> str:
    """A value as a reader knows it."""
    if isinstance(value, list):
        return ", ".join(str(role_word(name)) for name in value) or _("Nobody")
    text = key.write(value)
    return str(CHOICES.get(key.name, {}).get(text, text))
