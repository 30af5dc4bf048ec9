"""The details of an organization as a form, in two portals: clinics register them, employers confirm them."""

from typing import Any, Protocol

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import EmailField, HiddenField, SelectField, StringField
from wtforms.validators import DataRequired, InputRequired, Length

from app.domain.organizations.errors import DetailRefused
from app.domain.program.industries import INDUSTRIES
from app.domain.program.states import STATES
from app.web import lists
from app.web.forms import Form, PhoneField, choices

_STATES = [(state.code, state.label) for state in STATES.entries]


class Described(Protocol):
    """An organization, or a match of a search: what an address is put together from."""

    @property
    def street(self) -> str: ...
    @property
    def city(self) -> str: ...
    @property
    def state_abbr(self) -> str: ...
    @property
    def zip(self) -> str: ...


def text_field(label: Any, longest: int, *, required: Any = None, **about: Any) -> Any:
    """A line of text that says how long it may be; `required` is what to say when it is empty."""
    needed = [DataRequired(required)] if required else []
    too_long = _l("Use %(longest)s characters or fewer", longest=longest)
    kind = about.pop("kind", StringField)
    return kind(label, [*needed, Length(max=longest, message=too_long)], **about)


def email_field() -> Any:
    """The address of somebody who will be invited."""
    missing = _l("Enter the e-mail address: the welcome mail goes there")
    return text_field(_l("E-mail"), 254, required=missing, kind=EmailField)


ORGANIZATION_FIELDS: dict[str, Any] = {
    "name": text_field(_l("Organization name"), 255, required=_l("Enter the name of the organization")),
    "industry": SelectField(
        _l("Industry"),
        [InputRequired(_l("Choose the industry"))],
        choices=lambda: lists.offered(INDUSTRIES.entries, _("Choose one")),
    ),
    "street": text_field(_l("Street address"), 255),
    "city": text_field(_l("City"), 80),
    "state": SelectField(_l("State"), choices=choices(_STATES, empty=_l("Choose one"))),
    "zip": text_field(_l("ZIP code"), 10),
    "country": text_field(_l("Country"), 60, default="United States"),
    "phone": PhoneField(_l("Phone")),
}


class OrganizationForm(Form):
    """All details of an organization."""

    name = ORGANIZATION_FIELDS["name"]
    industry = ORGANIZATION_FIELDS["industry"]
    street = ORGANIZATION_FIELDS["street"]
    city = ORGANIZATION_FIELDS["city"]
    state = ORGANIZATION_FIELDS["state"]
    zip = ORGANIZATION_FIELDS["zip"]
    country = ORGANIZATION_FIELDS["country"]
    phone = ORGANIZATION_FIELDS["phone"]

    def details(self) -> dict[str, str]:
        """What was typed, by field."""
        return {field: str(self[field].data or "") for field in ORGANIZATION_FIELDS}


class ConfirmationForm(OrganizationForm):
    """The same, started from a version of the record."""

    version = HiddenField()


def industry_label(code: str) -> str:
    """The industry in words."""
    found = INDUSTRIES.by_code(code)
    return found.label if found else code


def state_label(abbr: str) -> str:
    """The state's name spelled out."""
    found = STATES.by_code(abbr)
    return found.label if found else abbr


def address_line(place: Described) -> str:
    """Street, city, state and ZIP in one line; empty when none was given."""
    state = " ".join(part for part in (state_label(place.state_abbr), place.zip) if part)
    return ", ".join(part for part in (place.street, place.city, state) if part)


def refusal_text(refusal: DetailRefused) -> str:
    """What to do about a detail that cannot be kept."""
    missing = {
        "name": _("Enter the name of the organization"),
        "industry": _("Choose the industry"),
        "email": _("Enter the e-mail address: the welcome mail goes there"),
        "first_name": _("Enter the first name"),
        "last_name": _("Enter the last name"),
    }
    malformed = {
        "zip": _("Enter the ZIP code with five digits, such as 27601, or nine, such as 27601-1234"),
        "phone": _("Enter a phone number with ten digits, such as 919 555 0100"),
        "email": _("Enter one complete e-mail address, such as name@example.org"),
        "first_name": _("Enter a name with letters and without digits"),
        "last_name": _("Enter a name with letters and without digits"),
    }
    if refusal.reason == "missing":
        return missing.get(refusal.field, _("Fill this in"))
    if refusal.reason == "malformed":
        return malformed.get(refusal.field, _("Take out the characters that cannot be printed"))
    if refusal.reason == "unknown":
        return _("Choose one from the list")
    return _("Use fewer characters")
