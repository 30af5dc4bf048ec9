"""The whole enrollment by keyboard alone: Section A with a pause, Section B there and back, pictures, and signatures."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from app.domain.enrollment.models import Signature, StorageUnit
from tests.browser.keyboard import Keyboard
from tests.browser.test_by_keyboard import choose_file, keys, sign_in, world
from tests.browser.test_enrollment import photograph
from tests.make import enrollment as making

pytestmark = [pytest.mark.browser, pytest.mark.once, pytest.mark.long]
__all__ = ["keys", "world"]
ADDRESS = (("street", "12 Main Street"), ("city", "Raleigh"), ("state", "North C"), ("county", "Wake"), ("zip", "27601"))
OFFICER = ("first_name", "last_name", "email", "phone")


def fill_in(keys: Keyboard, prefix: str, *typed: tuple[str, str]) -> None:
    """Type into fields whose names begin alike, in the order in which they stand."""
    for name, text in typed:
        keys.fill(f"{prefix}{name}", text)


def said(keys: Keyboard) -> str:
    """What the page says below its menu."""
    text: str = keys.page.inner_text("main")
    return text


def fill_in_cmo(keys: Keyboard, told: dict[str, Any]) -> None:
    """Half of the page, a pause with half a telephone number, and on another day the rest."""
    fill_in(keys, "officer_cmo_", *((name, told[f"officer_cmo_{name}"]) for name in OFFICER[:3]), ("phone", "919 55"))
    keys.go("Pause", "Harvest Pharmacy")
    assert "What you typed is kept" in said(keys)
    keys.go("Sign out", "COVID-19 Vaccine Management System")
    sign_in(keys, "enrollment", "ann@harvest.example", "Harvest Pharmacy")
    keys.go("The Chief Medical Officer", "Chief Medical Officer")
    assert keys.page.input_value("[name=officer_cmo_phone]") == "919 55"
    fill_in(keys, "officer_cmo_", ("phone", "919 555 0102"), ("title", "Medical Director"), ("license_state", "North C"),
            ("license_number", "2001-12345"), *ADDRESS)  # fmt: skip
    keys.go("Next", "Chief Executive Officer")


def name_a_location(keys: Keyboard) -> None:
    keys.go("To the locations", "Locations")
    keys.go("Add a location", "Add a location")
    fill_in(keys, "", ("name", "Harvest Pharmacy 1"), *ADDRESS)
    fill_in(keys, "coordinator_", ("first_name", "Vera"), ("last_name", "Cole"), ("email", "vera1@harvest.example"),
            ("phone", "9195550103"))  # fmt: skip
    keys.go("Save", "Locations")
    keys.go("Section A", "Section A")


def test_an_administrator_fills_in_section_a_with_a_pause_and_completes_it(keys, world):
    made, _account = making.started(world)
    told = making.section_a()
    sign_in(keys, "enrollment", "ann@harvest.example", "New enrollment")
    keys.go("Next: ", "Organization")
    fill_in(keys, "", *((name, told[name]) for name in ("legal_name", "organization_phone", "organization_email")))
    fill_in(keys, "organization_", *ADDRESS)
    keys.go("Next", "Organization Administrator")
    keys.fill("administrator_phone", "919 555 0101")
    keys.go("Next", "Redistribution")
    keys.pick("redistribution", "No")
    keys.go("Previous", "Organization Administrator")
    keys.go("Next", "Redistribution")
    assert keys.page.is_checked("[name=redistribution][value=no]")
    keys.go("Next", "Chief Medical Officer")
    fill_in_cmo(keys, told)
    fill_in(keys, "officer_ceo_", *((name, told[f"officer_ceo_{name}"]) for name in OFFICER), *ADDRESS)
    keys.go("Next", "Section A")
    name_a_location(keys)
    keys.go("Section A is complete", "Harvest Pharmacy")
    assert "The Vaccine Coordinators are told by mail" in said(keys)
    world.refresh(made)
    assert made.section_a_done
    assert [place.name for place in making.locations_of(world, made)] == ["Harvest Pharmacy 1"]


def fill_in_section_b(keys: Keyboard) -> None:
    """Every step but the last one is answered."""
    keys.fill("provider_type", "Pharmacy: i")
    keys.tick("settings", "Pharmacy")
    keys.pick("other_orders", "No")
    keys.pick("reporting_system", "CVMS")
    keys.pick("iis_reporting", "Yes")
    keys.fill("iis_id", "IIS-1")
    keys.go("Next", "Backup Vaccine Coordinator")
    fill_in(keys, "backup_", ("first_name", "Bea"), ("last_name", "Backup"), ("email", "bea@harvest.example"),
            ("phone", "9195550104"))  # fmt: skip
    keys.go("Next", "Shipping")
    fill_in(keys, "shipping_", *ADDRESS, ("phone", "9195550105"))
    keys.pick("administration_differs", "No")
    keys.go("Next", "Receiving hours")
    fill_in(keys, "receiving_monday_", ("am", "8:30 - 12"), ("pm", "1 - 5"))
    keys.go("Next", "Patients")
    fill_in(keys, "patients_", ("children", "unknown"), ("adults", "900"), ("seniors", "lots"), ("weekly", "120"))
    keys.fill("flu_peak_week", "unknown")
    keys.tick("populations", "General adult population")
    mend_patients(keys)
    keys.go("Next", "Storage capacity")
    fill_in(keys, "capacity_", ("refrigerated", "40"), ("frozen", "none"), ("ultra_frozen", "none"))
    keys.go("Next", "First Location Manager")


def mend_patients(keys: Keyboard) -> None:
    """The summary of the mistakes has the focus, and its link leads to the field."""
    keys.to("Next")
    keys.press("Enter")
    keys.page.wait_for_selector("[data-error-summary]:focus")
    keys.to("Adults of 65")
    keys.press("Enter")
    keys.page.wait_for_selector("[name=patients_seniors]:focus")
    keys.press("Control+a")
    keys.fill("patients_seniors", "300")


def walk_back_and_forth(keys: Keyboard) -> None:
    """From the last step to the first one and again to the last: what was answered stands there."""
    titles = ("The location", "Backup Vaccine Coordinator", "Shipping", "Receiving hours", "Patients", "Storage capacity")
    for title in reversed(titles):
        keys.go("Previous", title)
    assert "Previous" not in keys.goes_round()
    assert keys.page.is_checked("[name=settings][value=pharmacy]")
    for title in (*titles[1:], "First Location Manager"):
        keys.go("Next", title)


def add_unit(keys: Keyboard, folder: Path) -> None:
    """A storage unit with a picture of either side."""
    keys.go("Go on with what is missing", "Storage units")
    keys.go("Add a storage unit", "Add a storage unit")
    fill_in(keys, "", ("brand", "Helmer"), ("model", "GX"))
    keys.pick("kind", "Stand-alone freezer")
    choose_file(keys, "outside", photograph(folder, "outside.jpg", "steelblue"))
    choose_file(keys, "inside", photograph(folder, "inside.jpg", "darkgreen"))
    keys.go("Save", "Storage units")
    assert "Saved, with both pictures" in said(keys)


def add_provider(keys: Keyboard) -> None:
    keys.go("Go on to the practising providers", "Practising providers")
    fill_in(keys, "", ("first_name", "Nora"), ("last_name", "Nolan"), ("title", "NP"), ("license_number", "NP-1"))
    keys.to("Add")
    keys.press("Enter")
    keys.page.wait_for_selector("main [role=status]:has-text('Added: Nora Nolan')")
    keys.arrive("Practising providers")
    keys.go("Back to Section B", "Section B")


def sign_both(keys: Keyboard) -> None:
    keys.go("Section B is complete", "Agreements")
    for document, heading in (("Provider agreement", "COVID-19 Vaccination Program Provider Agreement"), ("Storage and Handling", "Storage and Handling Attestation")):
        keys.go(f"Read and sign: {document}", heading)
        keys.fill("typed_name", "Verab Cole")
        keys.tick("agreed")
        keys.to("Sign")
        keys.press("Enter")
        keys.page.wait_for_selector("main [role=status]:has-text('Signed.')")
        keys.arrive("Agreements")


def test_a_coordinator_walks_section_b_adds_a_unit_and_signs(keys, world, tmp_path):
    made = making.with_section_a(world)
    place = making.locations_of(world, made)[0]
    making.coordinator_of(world, place)
    world.commit()
    sign_in(keys, "enrollment", "vera1@harvest.example", "Harvest Pharmacy")
    keys.go("Next: The questions of Section B", "The location")
    fill_in_section_b(keys)
    walk_back_and_forth(keys)
    fill_in(keys, "manager_", ("first_name", "Max"), ("last_name", "Meyer"), ("email", "max@harvest.example"),
            ("ncid", "mmeyer"))  # fmt: skip
    keys.go("Next", "Section B")
    add_unit(keys, tmp_path)
    add_provider(keys)
    sign_both(keys)
    world.refresh(place)
    assert place.status == "complete"
    assert place.answers["backup_first_name"] == "Bea"
    assert place.answers["receiving_monday_am"] == "08:30-12:00"
    unit = world.scalars(select(StorageUnit).where(StorageUnit.enrolled_location_id == place.id)).one()
    assert unit.outside_key
    assert unit.inside_key
    signed = select(Signature.document).where(Signature.enrolled_location_id == place.id, Signature.capacity == "coordinator")
    assert set(world.scalars(signed)) == {"provider_agreement", "storage_attestation"}
