"""How the proof should look."""

from flask_babel import lazy_gettext as _l
from wtforms import RadioField

from app.web.forms import Form, choices


class ProofForm(Form):
    """Language and paper of the proof."""

    language = RadioField(
        _l("Language"), choices=choices([("en", _l("English")), ("es", _l("Spanish"))]), default="en"
    )
    paper = RadioField(
        _l("Paper"),
        choices=choices(
            [
                ("letter", _l("Letter (usual in the United States)")),
                ("a4", _l("A4 (usual elsewhere)")),
                ("wallet", _l("Card for the wallet or the phone (4 by 3 inches when folded)")),
            ]
        ),
        default="letter",
    )
