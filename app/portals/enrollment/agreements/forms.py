"""A signature: for whom, the name as typed, and the tick."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, SelectMultipleField
from wtforms.validators import DataRequired
from wtforms.widgets import CheckboxInput, ListWidget

from app.domain.enrollment.sign import LONGEST_NAME
from app.web.forms import Form
from app.web.organization_form import text_field
from app.web.upload_form import printable


class SignForm(Form):
    """Carries version and digest of the text that was read, so that no other text is signed than the one shown."""

    version = HiddenField()
    sha256 = HiddenField()
    language = HiddenField()
    sign_for = SelectMultipleField(
        _l("I sign"),
        [DataRequired(_l("Tick at least one"))],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    typed_name = text_field(
        _l("Your full name, as a signature"),
        LONGEST_NAME,
        required=_l("Type your name, as a signature"),
        filters=[printable],
    )
    agreed = BooleanField(
        _l("I have read the whole text above, and I agree to it."),
        [DataRequired(_l("Tick this box once you have read the text and agree to it"))],
    )
