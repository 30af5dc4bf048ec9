"""A new version of a document."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from app.domain.program.terms import LONGEST
from app.web.forms import Form, MemorableDateField

_HINT = _l(
    "## before a heading, - before the lines of a list, **around bold words**, [words](https://address) for a link."
)


class TermsForm(Form):
    """Markdown in both languages."""

    version = StringField(
        _l("Version"), [InputRequired(_l("Name the version")), Length(max=20)], description=_l("Such as 2021-04."),
        render_kw={"autocomplete": "off"},
    )  # fmt: skip
    text = TextAreaField(
        _l("Text in English"), [InputRequired(_l("Write the text")), Length(max=LONGEST)], description=_HINT,
        render_kw={"rows": 16},
    )  # fmt: skip
    text_es = TextAreaField(
        _l("Text in Spanish"), [InputRequired(_l("Write the Spanish text")), Length(max=LONGEST)],
        render_kw={"rows": 16, "lang": "es"},
    )  # fmt: skip
    asks_again = BooleanField(_l("Ask those who agreed to an earlier version to agree to this one"))
    day = MemorableDateField(_l("Holds from"), [InputRequired(_l("Enter the day from which it holds"))])
