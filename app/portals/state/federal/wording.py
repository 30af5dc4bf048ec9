"""What staff read of the elements and the mistakes that the clearing house names in its own words."""

from flask_babel import lazy_gettext as _l

ELEMENTS = {
    "recip_dob": _l("Date of birth"),
    "recip_address_county": _l("County of the person"),
    "recip_address_state": _l("State of the person"),
    "recip_address_zip": _l("ZIP code of the person"),
    "admin_date": _l("Day of the dose"),
    "lot_number": _l("Lot number"),
    "vax_expiration": _l("Expiration of the lot"),
    "responsible_org": _l("Name of the provider organization"),
    "admin_name": _l("Name of the location"),
    "vtrcks_prov_pin": _l("Provider PIN of the location"),
    "admin_address_street": _l("Street of the location"),
    "admin_address_county": _l("County of the location"),
    "admin_address_state": _l("State of the location"),
    "admin_address_zip": _l("ZIP code of the location"),
}


def element(name: str) -> str:
    """An element in words, or as the specification names it where nobody here can change it."""
    return str(ELEMENTS.get(name, name))
