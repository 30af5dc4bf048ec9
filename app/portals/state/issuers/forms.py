"""Forms about other issuers of health cards."""

import json
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length

from app.web.forms import Form, add_error

MOST_BYTES = 300_000


class IssuerForm(Form):
    """Who it is, and the keys as a text or a file; nothing is fetched from their address."""

    name = StringField(
        _l("Name"), [DataRequired(_l("Enter who issues the cards")), Length(max=120, message=_l("Use 120 characters or fewer"))],
        description=_l("As whoever checks a card shall read it, such as “State of New York”"),
        filters=[lambda typed: (typed or "").strip()],
    )  # fmt: skip
    url = StringField(
        _l("Address"), [InputRequired(_l("Enter the address")), Length(max=200, message=_l("Use 200 characters or fewer"))],
        description=_l("As their cards name it: https, without a slash at the end"), filters=[lambda typed: (typed or "").strip()],
    )  # fmt: skip
    key_list = TextAreaField(
        _l("Keys"),
        description=_l("The content of their /.well-known/jwks.json, opened in your browser and pasted here"),
    )
    file = FileField(_l("Or the keys as a file"), description=_l("jwks.json, up to 300 KB"))

    def read_keys(self) -> Any:
        """The list as JSON; None with the reason at its field where there is none that can be read."""
        file = self.file.data
        sent = bool(file and file.filename)
        field, data = (self.file, file.read(MOST_BYTES + 1)) if sent else (self.key_list, (self.key_list.data or "").encode())
        if not data.strip():
            add_error(field, _("This file is empty") if sent else _("Paste the keys, or choose a file"))
        elif len(data) > MOST_BYTES:
            add_error(field, _("This is longer than any list of keys"))
        else:
            try:
                return json.loads(data)
            except (ValueError, RecursionError):
                add_error(field, _("This is no JSON. Open the address in your browser and take the whole text"))
        return None


class KeysForm(IssuerForm):
    """The present keys of an issuer that is known; its address stays."""

    url = None  # type: ignore[assignment]


class EndTrustForm(Form):
    """Its cards are not known any more."""

    reason = TextAreaField(
        _l("Why?"), [InputRequired(_l("Say why")), Length(max=255, message=_l("Use 255 characters or fewer"))]
    )
