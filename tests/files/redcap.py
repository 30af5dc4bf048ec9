"""An export of the REDCap project in which practices enrolled before the portal, as real ones look: mostly good."""

import csv
import io
from collections.abc import Callable
from random import Random
from typing import Any

from app.domain.enrollment.lists import POPULATIONS, PROVIDER_TYPES, SETTINGS, TITLES, UNIT_KINDS
from app.domain.enrollment.redcap_columns import INSTANCE, INSTRUMENT, Variables
from app.domain.program.counties import COUNTIES

NAMES = Variables()
UNITS, PROVIDERS = NAMES.units_instrument, NAMES.providers_instrument
_DAYS = ("mon", "tue", "wed", "thu", "fri")
_TOWNS = ("Raleigh", "Asheville", "Boone", "Wilmington", "Durham", "Cary", "Fuquay-Varina", "Ahoskie", "Murphy", "Manteo")
_FIRST = ("Amara", "José", "Wren", "Zoë", "D'Andre", "Mary Beth", "Luis", "Thu", "Oleg", "Renée")
_LAST = ("Okafor", "Hernández-Ortiz", "Castillo", "O'Neil", "Nguyen", "Smith", "Peña", "van der Berg", "Lee", "Müller")
_KINDS = ("Family Practice", "Pharmacy", "Pediatrics", "Health Department", "Urgent Care", "Hospital")
_BRANDS = (("Thermo Fisher", "TSX2305SA"), ("Helmer", "GX HLR245"), ("Follett", "REF5-LB"), ("So-Low", "U85-22"))

ODD: tuple[tuple[str, Any], ...] = (
    ("flu_peak", "Unknown"), ("pts_0_18", "N/A"), ("pts_19_64", "~1,200"), ("pts_weekly", "approx. 300"),
    ("pts_65", "100-200"), ("cap_ultra", "No Capacity"), ("cap_frozen", "50 vials"), ("org_phone", "919-555-0100 x12"),
    ("vc_phone", "call front desk"), ("vc_email", "front@example.org; back@example.org"), ("bvc_email", "unknown"),
    ("loc_county", "WAKE COUNTY"), ("loc_county", "Mecklenberg"), ("loc_state", "N.C."), ("loc_zip", "276"),
    ("provider_type", "Pharmacy - chain"), ("provider_type", "99"), ("submitted_date", "12/5/20"),
    ("submitted_date", "44170"), ("submitted_date", "5 Dec 2020 14:33"), ("submitted_date", "last week"),
    ("review_status", "on hold"), ("redistribution", "Maybe"), ("iis_reports", "N/A"), ("cmo_first", "Dr. Amara"),
    ("cmo_mi", "Nneka"), ("recv_mon_am", "ask first"), ("recv_wed_pm", "CLOSED"), ("recv_tue_am", "8:00 - 12:00"), ("settings___99", "1"),
    ("loc_street2", "   "), ("ship_fax", "none"), ("bvc_first", "TBD"), ("loc_name", "Café ‘Soleil’ Clinic"),
    ("vc_last", "Smith 2nd"), ("ceo_zip", "27601-0000"), ("org_street", "P.O. Box 12\nSuite 4"),
)  # fmt: skip
"""Values as they occur, each put into some rows of the export."""


def header() -> list[str]:
    """The variables in the order of the project."""
    hours = [f"recv_{day}_{half}" for day in _DAYS for half in ("am", "pm")]
    plain = [name for name in NAMES.location if name not in {"settings", "populations"} and name not in hours]
    return [
        NAMES.record_id, "redcap_event_name", INSTRUMENT, INSTANCE, "redcap_data_access_group", "redcap_survey_identifier",
        "section_a_timestamp", *NAMES.organization, "section_a_complete", *plain,
        *hours, *(f"{name}{end}" for name in hours for end in ("_from", "_to")),
        *(f"settings___{place}" for place in range(1, len(SETTINGS.entries) + 1)), "settings___99",
        *(f"populations___{place}" for place in range(1, len(POPULATIONS.entries) + 1)),
        "internal_notes", "section_b_complete", *NAMES.units, "storage_units_complete", *NAMES.providers,
        "practicing_providers_complete", NAMES.submitted, NAMES.decision, NAMES.decided,
    ]  # fmt: skip


def redcap_lines(count: int, *, odd: bool = True, labels: bool = False) -> list[dict[str, str]]:
    """So many locations of about two thirds as many organizations, with their units and providers below them.

    The first is a chain that has an eighth of all; `labels` exports answers in words instead of numbers.
    """
    draw = Random(20201214)
    lines: list[dict[str, str]] = []
    for number in range(1, count + 1):
        record = _location(number, count, draw, labels)
        if odd and number % 3 == 0:
            name, value = ODD[number // 3 % len(ODD)]
            record[name] = value
        lines.append(record)
        lines += _units(record, draw, labels)
        lines += _providers(record, number, draw)
        if odd and number % 50 == 0:
            lines.append({})
    return lines


def redcap_file(
    lines: list[dict[str, str]], *, encoding: str = "latin-1", delimiter: str = ",", names: list[str] | None = None
) -> bytes:
    """The export as REDCap writes it. What the encoding has no letter for becomes a question mark."""
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, names or header(), restval="", delimiter=delimiter, extrasaction="raise")
    writer.writeheader()
    writer.writerows(lines)
    return out.getvalue().encode(encoding, "replace")


def one_location(**changed: str) -> dict[str, str]:
    """A location without anything odd, as the raw export has it."""
    return {**_location(1, 1, Random(1), labels=False), **changed}


def instance(record: dict[str, str], instrument: str, number: int, **values: str) -> dict[str, str]:
    """A row of a repeating instrument."""
    return {NAMES.record_id: record[NAMES.record_id], INSTRUMENT: instrument, INSTANCE: str(number), **values}


def _location(number: int, count: int, draw: Random, labels: bool) -> dict[str, str]:
    chain = number <= count // 8
    organization = 0 if chain else number - number % 2 if draw.random() < 0.6 else number
    kind = _KINDS[organization % len(_KINDS)]
    town = _TOWNS[number % len(_TOWNS)]
    name = "Carolina Corner Pharmacy, Inc." if chain else f"{town} {kind} {organization}"
    if chain and number % 10 == 3:
        name = name.upper()
    return {
        NAMES.record_id: str(number),
        "redcap_event_name": "enrollment_arm_1",
        "redcap_data_access_group": f"region_{number % 6 + 1}",
        "section_a_timestamp": f"2020-11-{number % 28 + 1:02} 09:12:44",
        **_section_a(organization, name, _TOWNS[0] if chain else town, labels),
        "section_a_complete": "2",
        **_section_b(number, f"{town} {kind} #{number}", town, draw, labels),
        "internal_notes": 'Called 11/30, "will send pictures",\nsee e-mail',
        "section_b_complete": "2",
        NAMES.submitted: f"2020-12-{number % 9 + 1:02}",
        NAMES.decision: ("Approved" if labels else "3") if number % 5 else ("Pending" if labels else "1"),
        NAMES.decided: f"2020-12-{number % 9 + 10:02}" if number % 5 else "",
    }


def _section_a(organization: int, name: str, town: str, labels: bool) -> dict[str, str]:
    def person(prefix: str, shift: int) -> dict[str, str]:
        first, last = _FIRST[(organization + shift) % 10], _LAST[(organization * 3 + shift) % 10]
        return {
            f"{prefix}_first": first, f"{prefix}_last": last, f"{prefix}_phone": f"(919) 555-{organization % 9000 + 1000}",
            f"{prefix}_email": f"{prefix}{organization}@example.org",
        }  # fmt: skip

    address = {"street": f"{organization + 1} Main St", "city": town, "state": "NC", "county": "Wake", "zip": "27601"}
    return {
        "org_name": name, "org_phone": f"919-555-{organization % 9000 + 1000}", "org_email": f"vax{organization}@example.org",
        **{f"{prefix}_{key}": value for prefix in ("org", "cmo", "ceo") for key, value in address.items()},
        **person("admin", 1), **person("cmo", 2), **person("ceo", 3),
        "redistribution": _yes_no(organization % 7 == 0, labels), "cmo_title": "Medical Director", "cmo_mi": "N",
        "cmo_lic_state": "NC", "cmo_lic_num": f"20{organization:05}", "org_vtrcks": f"V{organization:06}",
    }  # fmt: skip


def _section_b(number: int, name: str, town: str, draw: Random, labels: bool) -> dict[str, str]:
    county = COUNTIES.labels[number % 100]
    address = {"street": f"{number} Oak Ave", "city": town, "state": "North Carolina", "county": county,
               "zip": f"27{number % 900:03}"}  # fmt: skip
    kind = PROVIDER_TYPES.entries[number % 27]
    people = {"vc": 4, "bvc": 5, "mgr": 6}
    return {
        "loc_name": name,
        **{f"{prefix}_{key}": value for prefix in ("loc", "ship") for key, value in address.items()},
        **{f"{prefix}_first": _FIRST[(number + shift) % 10] for prefix, shift in people.items()},
        **{f"{prefix}_last": _LAST[(number + shift) % 10] for prefix, shift in people.items()},
        **{f"{prefix}_email": f"{prefix}{number}@example.org" for prefix in people},
        "vc_phone": f"828.555.{number % 9000 + 1000}", "bvc_phone": f"1-828-555-{number % 9000 + 1000}",
        "ship_phone": f"828555{number % 9000 + 1000}", "mgr_ncid": f"ncid{number}", "clinic_differs": _yes_no(False, labels),
        **{f"recv_{day}_am_from": "08:00" for day in _DAYS}, **{f"recv_{day}_am_to": "12:00" for day in _DAYS},
        **{f"recv_{day}_pm_from": "13:00" for day in _DAYS[:4]}, **{f"recv_{day}_pm_to": "16:30" for day in _DAYS[:4]},
        "provider_type": kind.label.replace(":", " -") if labels else str(number % 27 + 1),
        **_boxes("settings", len(SETTINGS.entries) - 1, draw, labels),
        **_boxes("populations", len(POPULATIONS.entries) - 1, draw, labels),
        "other_orders": _yes_no(False, labels), "report_system": "CVMS" if labels else "1",
        "iis_reports": _yes_no(True, labels), "iis_id": f"NCIR{number:05}",
        "pts_0_18": str(draw.randrange(900)), "pts_19_64": f"{draw.randrange(1000, 9000):,}", "pts_65": str(draw.randrange(900)),
        "pts_weekly": str(draw.randrange(20, 400)), "flu_peak": str(draw.randrange(300)),
        "cap_refrig": str(draw.randrange(10, 500)), "cap_frozen": str(draw.randrange(200)), "cap_ultra": "No capacity",
        "loc_vfc_pin": f"{number:06}",
    }  # fmt: skip


def _units(record: dict[str, str], draw: Random, labels: bool) -> list[dict[str, str]]:
    lines = []
    for number in range(1, draw.randrange(1, 4) + 1):
        brand, model = _BRANDS[draw.randrange(len(_BRANDS))]
        place = draw.randrange(len(UNIT_KINDS.entries))
        kind = UNIT_KINDS.labels[place] if labels else str(place + 1)
        lines.append(instance(record, UNITS, number, unit_brand=brand, unit_model=model, unit_type=kind))
    return lines


def _providers(record: dict[str, str], number: int, draw: Random) -> list[dict[str, str]]:
    titles: Callable[[int], str] = lambda place: TITLES.entries[place % 6].code  # noqa: E731
    return [
        instance(
            record, PROVIDERS, place, prov_first=_FIRST[(number + place) % 10], prov_last=_LAST[place % 10],
            prov_title=titles(number + place), prov_license=f"{number}-{place:04}",
        )
        for place in range(1, draw.randrange(1, 6) + 1)
    ]  # fmt: skip


def _boxes(name: str, count: int, draw: Random, labels: bool) -> dict[str, str]:
    yes, no = ("Checked", "Unchecked") if labels else ("1", "0")
    ticked = {draw.randrange(1, count + 1) for _ in range(3)}
    return {f"{name}___{place}": yes if place in ticked else no for place in range(1, count + 1)}


def _yes_no(answer: bool, labels: bool) -> str:
    return ("Yes" if answer else "No") if labels else str(int(answer))
