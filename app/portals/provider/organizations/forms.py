"""Forms of an organization's contacts."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField
from wtforms.validators import DataRequired

from app.web.forms import Form, PhoneField
from app.web.organization_form import email_field, text_field

CONTACT_FIELDS: dict[str, Any] = {
    "first_name": text_field(_l("First name"), 40, required=_l("Enter the first name")),
    "last_name": text_field(_l("Last name"), 80, required=_l("Enter the last name")),
    "email": email_field(),
    "phone": PhoneField(_l("Phone")),
}


class NewContactForm(Form):
    """A new Point of Contact of an organization that was chosen before."""

    first_name = CONTACT_FIELDS["first_name"]
    last_name = CONTACT_FIELDS["last_name"]
    email = CONTACT_FIELDS["email"]
    phone = CONTACT_FIELDS["phone"]
    right_person = BooleanField(
        _l("I have asked this person: they are the right one to upload the organization's people"),
        [DataRequired(_l("Ask the person first, then tick the box"))],
    )


class ResendForm(Form):
    """One button."""
