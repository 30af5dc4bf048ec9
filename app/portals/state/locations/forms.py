"""A new location and its first manager."""

from flask_babel import lazy_gettext as _l
from wtforms import SelectField, StringField
from wtforms.validators import Email, InputRequired, Length, Optional, Regexp

from app.domain.program.counties import COUNTIES
from app.domain.providers.add_location import AddLocation
from app.web.forms import Form, PhoneField, choices


class LocationForm(Form):
    """Shape only: whether the PIN is free is the domain's to say."""

    provider_organization = StringField(
        _l("Provider organization"), [InputRequired(_l("Enter its legal name")), Length(max=255)]
    )
    name = StringField(_l("Location name"), [InputRequired(_l("Enter the location’s name")), Length(max=255)])
    provider_pin = StringField(
        _l("Provider PIN"),
        [InputRequired(_l("Enter the six digits")), Regexp(r"^(NCA)?[0-9]{6}$", message=_l("Enter six digits"))],
    )
    street = StringField(_l("Street"), [InputRequired(_l("Enter the street")), Length(max=255)])
    city = StringField(_l("City"), [InputRequired(_l("Enter the city")), Length(max=80)])
    county_fips = SelectField(_l("County"), [InputRequired(_l("Choose the county"))])
    zip = StringField(
        _l("ZIP code"),
        [InputRequired(_l("Enter the ZIP code")), Regexp(r"^[0-9]{5}(-[0-9]{4})?$", message=_l("Enter five digits"))],
    )
    phone = PhoneField(_l("Phone"), [Optional()])
    manager_first_name = StringField(_l("First name"), [InputRequired(_l("Enter the first name")), Length(max=40)])
    manager_last_name = StringField(_l("Last name"), [InputRequired(_l("Enter the last name")), Length(max=80)])
    manager_email = StringField(
        _l("E-mail"),
        [
            InputRequired(_l("Enter the e-mail address")),
            Email(_l("Enter an e-mail address such as name@example.org")),
            Length(max=254),
        ],
    )
    manager_ncid = StringField(
        _l("NCID user name"),
        [
            InputRequired(_l("Enter the NCID user name")),
            Length(max=60),
            Regexp(r"^[^@\s]+$", message=_l("An NCID user name is no e-mail address and has no spaces")),
        ],
    )

    def __init__(self) -> None:
        super().__init__()
        self.county_fips.choices = choices(
            [(county.code, county.label) for county in COUNTIES.entries], empty=_l("Choose a county")
        )

    def command(self) -> AddLocation:
        """What the use case takes."""
        values = {name: (self[name].data or "").strip() for name in AddLocation.__dataclass_fields__}
        values["provider_pin"] = values["provider_pin"].removeprefix("NCA")
        return AddLocation(**values)
