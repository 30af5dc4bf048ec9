"""The forms with which people ask for help."""

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf.file import MultipleFileField
from wtforms import BooleanField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length

from app.web.forms import Form, MemorableDateField, PhoneField


def _line(label: Any, required: Any, longest: int) -> StringField:
    return StringField(label, [DataRequired(required), Length(max=longest)], filters=[_stripped])


def _stripped(text: str | None) -> str:
    return (text or "").strip()


class IntakeForm(Form):
    """What everybody is asked. `website` is no question: people do not see it, programs fill it in."""

    request_type = SelectField(_l("Request type"), [DataRequired(_l("Choose what it is about"))])
    description = TextAreaField(
        _l("Description of request"),
        [DataRequired(_l("Describe what you need")), Length(max=8000, message=_l("Use 8,000 characters or fewer"))],
    )
    files = MultipleFileField(_l("Files"))
    first_name = _line(_l("First name"), _l("Enter the first name"), 40)
    last_name = _line(_l("Last name"), _l("Enter the last name"), 80)
    email = _line(_l("E-mail address"), _l("Enter an e-mail address: answers come by mail"), 254)
    phone = PhoneField(_l("Phone"))
    website = StringField(_l("Leave this empty"))

    def ask_no_email(self) -> None:
        """A caller who has none is answered by telephone."""
        self.email.validators = [Length(max=254)]
        self.email.flags.required = False


class ProviderForm(IntakeForm):
    """A clinic asks."""

    organization_name = StringField(_l("Name of your organization"), [Length(max=255)], filters=[_stripped])
    is_secondary = BooleanField(_l("This request is for another organization than my own"))
    provider_pin = StringField(_l("Provider PIN"), [Length(max=9)], filters=[_stripped])


class OrganizationForm(IntakeForm):
    """An employer asks."""

    organization_name = _line(_l("Name of the organization"), _l("Enter the name of the organization"), 255)


class RecipientForm(IntakeForm):
    """A person asks. The last three help to find the record and may stay empty."""

    birth_date = MemorableDateField(_l("Date of birth"))
    county = StringField(_l("County"), [Length(max=40)], filters=[_stripped])
    vaccinated_at = StringField(_l("Where you were vaccinated"), [Length(max=120)], filters=[_stripped])


FORMS: dict[str, type[IntakeForm]] = {
    "provider": ProviderForm,
    "organization": OrganizationForm,
    "recipient": RecipientForm,
}
