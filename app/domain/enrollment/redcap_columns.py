"""The variables of the REDCap project in which practices enrolled before there was a portal.

Every project names its variables itself; those of another one are given to `read_redcap` in the same form. A REDCap
export has one row for each record (here: a location), further rows for each instance of a repeating instrument, and one
column for each box of a question with several answers (`settings___3`).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from app.domain.enrollment.lists import DAYS

RECORD_ID = "record_id"
INSTRUMENT, INSTANCE = "redcap_repeat_instrument", "redcap_repeat_instance"

_ADDRESS = {
    "street": "street",
    "street2": "street_2",
    "city": "city",
    "county": "county",
    "state": "state",
    "zip": "zip",
}
_PERSON = {"first": "first_name", "mi": "middle_initial", "last": "last_name", "email": "email", "phone": "phone"}


def _named(prefix: str, ours: str, *parts: Mapping[str, str]) -> dict[str, str]:
    return {f"{prefix}_{name}": f"{ours}{key}" for part in parts for name, key in part.items()}


_OF_ORGANIZATION = {
    "org_name": "legal_name",
    "org_phone": "organization_phone",
    "org_email": "organization_email",
    **_named("org", "organization_", _ADDRESS),
    **_named("admin", "administrator_", _PERSON),
    "redistribution": "redistribution",
    **_named("cmo", "officer_cmo_", _PERSON, _ADDRESS, {"title": "title"}),
    "cmo_lic_state": "officer_cmo_license_state",
    "cmo_lic_num": "officer_cmo_license_number",
    **_named("ceo", "officer_ceo_", _PERSON, _ADDRESS, {"title": "title"}),
    "org_vtrcks": "official_vtrcks_id",
    "org_vfc_pin": "official_vfc_pin",
    "org_other_pin": "official_other_pin",
    "org_iis_id": "official_iis_id",
}

_OF_LOCATION = {
    "loc_name": "name",
    **_named("loc", "", _ADDRESS),
    **_named("vc", "coordinator_", _PERSON),
    **_named("bvc", "backup_", _PERSON),
    **_named("ship", "shipping_", _ADDRESS, {"phone": "phone", "fax": "fax"}),
    "clinic_differs": "administration_differs",
    **_named("clinic", "administration_", _ADDRESS, {"phone": "phone"}),
    **{f"recv_{day[:3]}_{half}": f"receiving_{day}_{half}" for day in DAYS for half in ("am", "pm")},
    "provider_type": "provider_type",
    "provider_type_other": "provider_type_other",
    "settings": "settings",
    "settings_other": "settings_other",
    "other_orders": "other_orders",
    "ordering_loc": "ordering_location",
    "report_system": "reporting_system",
    "iis_reports": "iis_reporting",
    "iis_id": "iis_id",
    "iis_plan": "iis_plan",
    "iis_explain": "iis_explanation",
    "pts_0_18": "patients_children",
    "pts_19_64": "patients_adults",
    "pts_65": "patients_seniors",
    "pts_weekly": "patients_weekly",
    "flu_peak": "flu_peak_week",
    "populations": "populations",
    "populations_other": "populations_other",
    "cap_refrig": "capacity_refrigerated",
    "cap_frozen": "capacity_frozen",
    "cap_ultra": "capacity_ultra_frozen",
    **_named("mgr", "manager_", {"first": "first_name", "last": "last_name", "email": "email", "ncid": "ncid"}),
    "loc_vtrcks": "official_vtrcks_id",
    "loc_vfc_pin": "official_vfc_pin",
    "loc_iis_id": "official_iis_id",
}

_UNITS = {"unit_brand": "brand", "unit_model": "model", "unit_type": "kind"}
_PROVIDERS = {
    "prov_first": "first_name",
    "prov_last": "last_name",
    "prov_title": "title",
    "prov_license": "license_number",
}


@dataclass(frozen=True)
class Variables:
    """Which variable of a project is which field of ours.

    `organization_id` ties the locations of one organization together where the project has it; their legal name does
    otherwise. Hours may stand in one variable ("8-12") or in two with the endings _from and _to.
    """

    organization: Mapping[str, str] = field(default_factory=lambda: _OF_ORGANIZATION)
    location: Mapping[str, str] = field(default_factory=lambda: _OF_LOCATION)
    units: Mapping[str, str] = field(default_factory=lambda: _UNITS)
    providers: Mapping[str, str] = field(default_factory=lambda: _PROVIDERS)
    record_id: str = RECORD_ID
    organization_id: str = "org_id"
    units_instrument: str = "storage_units"
    providers_instrument: str = "practicing_providers"
    decision: str = "review_status"
    submitted: str = "submitted_date"
    decided: str = "review_date"

    @property
    def needed(self) -> tuple[str, ...]:
        """The variables without which nothing can be told apart."""
        return (self.record_id, name_of(self.organization, "legal_name"), name_of(self.location, "name"))

    def all(self) -> Iterator[str]:
        """Every variable's name, without the endings of boxes and hours."""
        yield from (self.record_id, self.organization_id, self.decision, self.submitted, self.decided)
        for table in (self.organization, self.location, self.units, self.providers):
            yield from table


def name_of(table: Mapping[str, str], key: str) -> str:
    """The variable of a field."""
    return next(name for name, ours in table.items() if ours == key)
