"""Every field of an enrollment: what it is called, what it may hold, when it must be answered.

Section A and Section B are the parts of the federal COVID-19 Vaccination Program Provider Agreement form: A for the
organization with its two responsible officers, B for each location. Forms, the review by the state, corrections of
named fields, old beside new in an update, and the import of earlier enrollments all read this table.

The number of locations covered, which the form asks for, is counted from their list instead.

An answer is text, or for kind `choices` a list of codes. Answers that were never given are absent, never empty.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from app.domain.enrollment.lists import (
    DAYS,
    IIS_REPORTING,
    OTHER,
    OTHER_TYPE,
    POPULATIONS,
    PROVIDER_TYPES,
    REPORTING_SYSTEMS,
    SETTINGS,
    YES_NO,
)
from app.domain.program.counties import COUNTIES
from app.domain.program.lookup import Choices
from app.domain.program.states import STATES

Kind = Literal[
    "text", "person", "initial", "email", "phone", "zip", "county", "state", "choice", "choices", "number", "hours"
]
Section = Literal["a", "location", "b"]
Answers = Mapping[str, Any]
HOME_STATE = "NC"


@dataclass(frozen=True, slots=True)
class Field:
    """One question. `official` is for the state's staff only and is never part of what is approved or signed.

    `required_if` (another field, values): required only then, and not asked otherwise (see `applies`); an empty
    `required_if` with `required` False means optional. `words` are answers that a number may be instead: unknown,
    not_applicable, none. `longest` counts characters.
    """

    key: str
    label: str
    section: Section
    step: str
    kind: Kind = "text"
    required: bool = True
    required_if: tuple[str, tuple[str, ...]] | None = None
    choices: Choices[Any] | None = None
    longest: int = 255
    words: tuple[str, ...] = ()
    official: bool = False

    def applies(self, answers: Answers) -> bool:
        """False for a field that another answer makes pointless, such as the county of an address in Virginia."""
        if self.required_if is None:
            return True
        other, values = self.required_if
        given = answers.get(other)
        return any(value in values for value in given) if isinstance(given, list) else given in values

    def is_required(self, answers: Answers) -> bool:
        """True when there must be an answer, given the others."""
        return self.required and self.applies(answers)


def _address(section: Section, step: str, prefix: str, where: str, only_if: tuple[str, tuple[str, ...]] | None = None,
             *, one_line: bool = False) -> tuple[Field, ...]:  # fmt: skip
    def part(key: str, label: str, **other: Any) -> Field:
        return Field(f"{prefix}{key}", f"{where}{label}", section, step, **{"required_if": only_if, **other})

    in_state: dict[str, Any] = {} if only_if else {"required_if": (f"{prefix}state", (HOME_STATE,))}
    return (
        part("street", "Street address"),
        *(() if one_line else (part("street_2", "Suite, building or floor", required=False),)),
        part("city", "City", longest=80),
        part("state", "State", kind="state", choices=STATES),
        part("county", "County", kind="county", choices=COUNTIES, **in_state),
        part("zip", "ZIP code", kind="zip"),
    )


def _person(section: Section, step: str, prefix: str, who: str, *, initial: bool = True) -> tuple[Field, ...]:
    return (
        Field(f"{prefix}first_name", f"{who}First name", section, step, "person", longest=40),
        *(
            (Field(f"{prefix}middle_initial", f"{who}Middle initial", section, step, "initial", False),)
            if initial
            else ()
        ),
        Field(f"{prefix}last_name", f"{who}Last name", section, step, "person", longest=80),
        Field(f"{prefix}email", f"{who}E-mail address", section, step, "email", longest=254),
        Field(f"{prefix}phone", f"{who}Telephone", section, step, "phone"),
    )


def _officer(capacity: str, who: str, *own: Field) -> tuple[Field, ...]:
    prefix = f"officer_{capacity}_"
    return (*_person("a", capacity, prefix, who), *own, *_address("a", capacity, prefix, who))


SECTION_A = (
    Field("legal_name", "Legal name of the organization", "a", "organization"),
    Field("organization_phone", "Telephone of the organization", "a", "organization", "phone"),
    Field("organization_email", "E-mail address that somebody reads every day", "a", "organization", "email", longest=254),
    *_address("a", "organization", "organization_", ""),
    *_person("a", "administrator", "administrator_", "", initial=False),
    Field("redistribution", "Will the organization pass vaccine on to other locations?", "a", "redistribution", "choice",
          choices=YES_NO),
    *_officer(
        "cmo", "",
        Field("officer_cmo_title", "Title", "a", "cmo", longest=80),
        Field("officer_cmo_license_state", "State of the license", "a", "cmo", "state", choices=STATES),
        Field("officer_cmo_license_number", "License number", "a", "cmo", longest=30),
    ),
    *_officer("ceo", "", Field("officer_ceo_title", "Title", "a", "ceo", required=False, longest=80)),
)  # fmt: skip

LOCATION = (
    Field("name", "Name of the location", "location", "location"),
    *_address("location", "location", "", ""),
    *_person("location", "location", "coordinator_", "Vaccine Coordinator: "),
)

_OFF_SITE = ("administration_differs", ("yes",))
_HOURS = tuple(
    Field(f"receiving_{day}_{half}", f"{day.capitalize()} {label}", "b", "hours", "hours", required=False)
    for day in DAYS
    for half, label in (("am", "morning"), ("pm", "afternoon"))
)
_COUNTS: dict[str, Any] = {"kind": "number", "words": ("unknown",)}
_VIALS: dict[str, Any] = {"kind": "number", "words": ("none",)}

SECTION_B = (
    Field("provider_type", "Kind of provider", "b", "location_details", "choice", choices=PROVIDER_TYPES),
    Field("provider_type_other", "Which other kind?", "b", "location_details",
          required_if=("provider_type", (OTHER_TYPE,))),
    Field("settings", "Where vaccine will be given", "b", "location_details", "choices", choices=SETTINGS),
    Field("settings_other", "Which other place?", "b", "location_details", required_if=("settings", (OTHER,))),
    Field("other_orders", "Will another location of the organization order vaccine for this one?", "b",
          "location_details", "choice", choices=YES_NO),
    Field("ordering_location", "Which location orders?", "b", "location_details", required_if=("other_orders", ("yes",))),
    Field("reporting_system", "System in which vaccinations will be recorded", "b", "location_details", "choice",
          choices=REPORTING_SYSTEMS),
    Field("iis_reporting", "Does this location report to the immunization registry?", "b", "location_details", "choice",
          choices=IIS_REPORTING),
    Field("iis_id", "Number in the immunization registry", "b", "location_details", longest=30,
          required_if=("iis_reporting", ("yes",))),
    Field("iis_plan", "How will the location report?", "b", "location_details", longest=500,
          required_if=("iis_reporting", ("no",))),
    Field("iis_explanation", "Why does it not apply?", "b", "location_details", longest=500,
          required_if=("iis_reporting", ("not_applicable",))),
    *_person("b", "backup", "backup_", ""),
    *_address("b", "shipping", "shipping_", ""),
    Field("shipping_phone", "Telephone for deliveries", "b", "shipping", "phone"),
    Field("shipping_fax", "Fax", "b", "shipping", "phone", required=False),
    Field("administration_differs", "Is vaccine given at another address?", "b", "shipping", "choice", choices=YES_NO),
    *_address("b", "shipping", "administration_", "Where vaccine is given: ", _OFF_SITE),
    Field("administration_phone", "Where vaccine is given: Telephone", "b", "shipping", "phone", required_if=_OFF_SITE),
    *_HOURS,
    Field("patients_children", "Children and young people up to 18", "b", "patients", **_COUNTS),
    Field("patients_adults", "Adults from 19 to 64", "b", "patients", **_COUNTS),
    Field("patients_seniors", "Adults of 65 and older", "b", "patients", **_COUNTS),
    Field("patients_weekly", "Patients seen in an average week", "b", "patients", "number",
          words=("unknown", "not_applicable")),
    Field("flu_peak_week", "Influenza vaccinations in the busiest week of the 2019–20 season", "b", "patients", **_COUNTS),
    Field("populations", "People whom the location serves", "b", "patients", "choices", choices=POPULATIONS),
    Field("populations_other", "Which other people?", "b", "patients", required_if=("populations", (OTHER,))),
    Field("capacity_refrigerated", "10-dose vials, refrigerated (2 to 8 °C)", "b", "storage", **_VIALS),
    Field("capacity_frozen", "10-dose vials, frozen (−25 to −15 °C)", "b", "storage", **_VIALS),
    Field("capacity_ultra_frozen", "10-dose vials, ultra-frozen (−80 to −60 °C)", "b", "storage", **_VIALS),
    Field("manager_first_name", "First name", "b", "manager", "person", longest=40),
    Field("manager_last_name", "Last name", "b", "manager", "person", longest=80),
    Field("manager_email", "E-mail address", "b", "manager", "email", longest=254),
    Field("manager_ncid", "NCID user name", "b", "manager", longest=80),
)  # fmt: skip

OFFICIAL = (
    Field("official_vtrcks_id", "VTrckS ID of the organization", "a", "official", required=False, longest=30, official=True),
    Field("official_vfc_pin", "VFC PIN", "a", "official", required=False, longest=30, official=True),
    Field("official_other_pin", "Other PIN", "a", "official", required=False, longest=30, official=True),
    Field("official_iis_id", "IIS ID", "a", "official", required=False, longest=30, official=True),
    Field("official_vtrcks_id", "VTrckS ID of the location", "b", "official", required=False, longest=30, official=True),
    Field("official_vfc_pin", "VFC PIN", "b", "official", required=False, longest=30, official=True),
    Field("official_iis_id", "IIS ID", "b", "official", required=False, longest=30, official=True),
)  # fmt: skip

STEPS_A = ("organization", "administrator", "redistribution", "cmo", "ceo")
STEPS_B = ("location_details", "backup", "shipping", "hours", "patients", "storage", "manager")

NOT_ANSWERS = ("locations", "storage_units", "pictures", "providers", "receiving")
"""What can be missing, or asked to be corrected, without being one answer: "receiving" stands for the hours."""

LIST_LABELS = {
    "locations": "Locations",
    "storage_units": "Storage units",
    "pictures": "Pictures of the storage units",
    "providers": "Practising providers",
    "receiving": "Receiving hours",
}

OF_ENROLLMENT = {field.key: field for field in (*SECTION_A, *OFFICIAL) if field.section == "a"}
OF_LOCATION = {field.key: field for field in (*LOCATION, *SECTION_B, *OFFICIAL) if field.section != "a"}


def fields_of(section: Section, step: str = "") -> tuple[Field, ...]:
    """The fields of a section (of one step of it, when given) in the order in which they are asked."""
    table = {"a": SECTION_A, "location": LOCATION, "b": SECTION_B}[section]
    return tuple(field for field in table if not step or field.step == step)


def unanswered(fields: tuple[Field, ...], answers: Answers) -> tuple[str, ...]:
    """The keys of required fields that have no answer."""
    return tuple(field.key for field in fields if field.is_required(answers) and not answers.get(field.key))


def in_words(field: Field, answer: Any) -> tuple[str, ...]:
    """An answer as people read it, in English: labels instead of codes. Empty when there is none."""
    given = answer if isinstance(answer, list) else [answer] if answer else []
    return tuple(_label(field, value) for value in given)


def _label(field: Field, value: str) -> str:
    found = field.choices.by_code(value) if field.choices else None
    if found is not None:
        return str(found.label)
    return {"unknown": "Unknown", "not_applicable": "Not applicable", "none": "No capacity"}.get(value, value)
