"""What somebody holds out to be checked."""

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import StringField

from app.infra.health_cards.signed import LONGEST
from app.web.forms import Form


class CheckForm(Form):
    """A code that was typed, pasted or scanned, or a file that shows one."""

    code = StringField(
        _l("Code"),
        description=_l("The 26 letters and digits beside the small square code, its address, or a scanned health card"),
        filters=[lambda typed: (typed or "")[: 3 * LONGEST].strip()],
    )
    file = FileField(
        _l("Or a file"),
        description=_l("A picture of the proof (JPEG, PNG or WebP), its PDF, or a .smart-health-card file, up to 10 MB"),
    )
