"""Section B in Chromium, with JavaScript and without: Pause and return, two pictures, complete, sign.

Whatever is clicked or filled here is found by what a person reads: labels, headings, names of buttons and links.
"""

import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import expect

from tests import make
from tests.browser.conftest import SHOTS, assert_fits, shot
from tests.make import enrollment as making

pytestmark = [pytest.mark.browser, pytest.mark.once]


@pytest.fixture
def session(running: Any) -> Iterator[Any]:
    with running.machines.database.session(write=True) as opened:
        yield opened


@pytest.fixture
def location(session: Any) -> Any:
    place = making.locations_of(session, making.with_section_a(session))[0]
    making.coordinator_of(session, place)
    session.commit()
    return place


def photograph(folder: Path, name: str, colour: str) -> Path:
    """A picture as a telephone takes it: large, and lying on its side."""
    picture = Image.new("RGB", (3000, 4000), colour)
    draw = ImageDraw.Draw(picture)
    for shelf in range(500, 4000, 700):
        draw.rectangle((200, shelf, 2800, shelf + 60), fill="white")
    noted = Image.Exif()
    noted[0x0112] = 6
    picture.transpose(Image.Transpose.ROTATE_90).save(folder / name, "JPEG", exif=noted)
    return folder / name


def look(page: Any, name: str) -> None:
    """Nothing is wider than a phone; where pictures of pages are kept, one on a phone and one on a desk."""
    for width in (320, 1280):
        assert_fits(page, width)
        if SHOTS:
            shot(page, f"enrollment-{name}-{width}")


def press(page: Any, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).first.click()


def follow(page: Any, name: str) -> None:
    page.get_by_role("link", name=name).first.click()


def fill(page: Any, **typed: str) -> None:
    """Fill fields by their labels; _ stands for a space."""
    for label, text in typed.items():
        page.get_by_label(re.compile(rf"^{label.replace('_', ' ')}\b")).first.fill(text)


def tick(page: Any, *labels: str) -> None:
    for label in labels:
        page.locator("label", has_text=re.compile(rf"^{re.escape(label)}")).first.click()


def heading(page: Any, text: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(text)


def shown(page: Any, text: str) -> None:
    expect(page.get_by_role("main")).to_contain_text(text)


def sign_in(page: Any) -> None:
    page.goto("/account/sign-in/enrollment")
    page.fill("[name=name]", "vera1@harvest.example")
    page.fill("[name=password]", make.PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_url("**/enrollment/**")


def answer_first_steps(page: Any) -> None:
    """The location, then the backup coordinator up to a pause."""
    heading(page, "The location")
    look(page, "location")
    page.get_by_label("Kind of provider").select_option(label="Pharmacy: independent")
    page.get_by_role("group", name="Where vaccine will be given").get_by_text("Pharmacy", exact=True).click()
    page.get_by_role("radiogroup", name="Will another location").get_by_text("No", exact=True).click()
    tick(page, "CVMS", "Yes, this location reports")
    fill(page, Number_in_the_immunization_registry="IIS-1")
    press(page, "Next")
    heading(page, "Backup Vaccine Coordinator")
    fill(page, First_name="Bea", Last_name="Backup", Telephone="919 55")
    press(page, "Pause")
    shown(page, "What you typed is kept")


def answer_other_steps(page: Any) -> None:
    """From where the pause was to the end."""
    heading(page, "Backup Vaccine Coordinator")
    assert page.get_by_label("Telephone").input_value() == "919 55"
    fill(page, Telephone="919 555 0104")
    page.get_by_label("E-mail address").fill("bea@harvest.example")
    press(page, "Next")
    heading(page, "Shipping")
    fill(page, Street_address="12 Main Street", City="Raleigh", ZIP_code="27601", Telephone_for_deliveries="9195550105")
    page.get_by_label(re.compile("^State")).first.select_option(label="North Carolina")
    page.get_by_label(re.compile("^County")).first.select_option(label="Wake")
    page.get_by_role("radiogroup", name="Is vaccine given at another").get_by_text("No", exact=True).click()
    look(page, "shipping")
    press(page, "Next")
    heading(page, "Receiving hours")
    monday = page.get_by_role("group", name="Monday")
    monday.get_by_label("Morning").fill("8:30 - 12")
    monday.get_by_label("Afternoon").fill("1 - 5")
    look(page, "hours")
    press(page, "Next")
    heading(page, "Patients")
    fill(page, Children="unknown", Adults_from="900", Adults_of="lots", Patients_seen="120", Influenza="unknown")
    press(page, "Next")
    shown(page, "Enter a whole number, such as 250")
    look(page, "patients-mistakes")
    fill(page, Adults_of="300")
    tick(page, "General adult population")
    press(page, "Next")
    heading(page, "Storage capacity")
    for label, text in (("refrigerated", "40"), ("vials, frozen", "none"), ("ultra-frozen", "none")):
        page.get_by_label(label).fill(text)
    look(page, "storage")
    press(page, "Next")
    heading(page, "First Location Manager")
    fill(page, First_name="Max", Last_name="Meyer", NCID="mmeyer")
    page.get_by_label("E-mail address").fill("max@harvest.example")
    press(page, "Next")
    shown(page, "8:30 AM - 12:00 PM, 1:00 PM - 5:00 PM")


def add_unit(page: Any, folder: Path) -> None:
    """Two real pictures; one of them is refused at first, and nothing is lost by it."""
    follow(page, "Go on with what is missing")
    look(page, "units-none")
    follow(page, "Add a storage unit")
    fill(page, Brand="Helmer", Model="GX")
    tick(page, "Stand-alone freezer")
    notes = folder / "notes.jpg"
    notes.write_bytes(b"these are notes, not a picture")
    page.get_by_label("Picture of the outside").set_input_files(photograph(folder, "outside.jpg", "steelblue"))
    page.get_by_label("Picture of the inside").set_input_files(notes)
    press(page, "Save")
    shown(page, "This is not a picture that we can open")
    shown(page, "This picture arrived and is kept")
    assert page.get_by_label("Brand").input_value() == "Helmer"
    look(page, "unit-refused")
    page.get_by_label("Picture of the inside").set_input_files(photograph(folder, "inside.jpg", "darkgreen"))
    press(page, "Save")
    shown(page, "Saved, with both pictures")
    for side in ("Outside", "Inside"):
        picture = page.get_by_role("img", name=f"{side}: Helmer GX")
        picture.scroll_into_view_if_needed()
        expect(picture).to_be_visible()
        data = page.request.get(
            page.url.rsplit("/enrollment", 1)[0] + picture.get_attribute("src").replace("?small=1", "")
        )
        assert Image.open(io.BytesIO(data.body())).size == (1500, 2000)
    look(page, "units")


def test_a_coordinator_fills_in_section_b_with_pause_pictures_and_signatures(
    browser_page: Any, running: Any, location: Any, tmp_path: Path
) -> None:
    page = browser_page
    sign_in(page)
    look(page, "overview")
    follow(page, "Next: The questions of Section B")
    answer_first_steps(page)
    look(page, "paused")
    page.context.clear_cookies()
    sign_in(page)
    follow(page, "Next: The questions of Section B")
    answer_other_steps(page)
    add_unit(page, tmp_path)
    follow(page, "Go on to the practising providers")
    fill(page, First_name="Nora", Last_name="Nolan", License_number="NP-1")
    page.get_by_label(re.compile("^Title")).select_option(label="NP (nurse practitioner)")
    press(page, "Add")
    shown(page, "Added: Nora Nolan")
    look(page, "providers")
    follow(page, "Upload a workbook")
    look(page, "workbook")
    page.go_back()
    follow(page, "Back to Section B")
    look(page, "review")
    press(page, "Section B is complete")
    look(page, "agreements")
    for document in ("Provider agreement", "Storage and Handling Attestation"):
        follow(page, f"Read and sign: {document}")
        look(page, document.split()[0].lower())
        fill(page, Your_full_name="Verab Cole")
        tick(page, "I have read the whole text above")
        press(page, "Sign")
        shown(page, "Signed.")
    look(page, "signed")
    with page.expect_download() as download:
        page.get_by_role("link", name=re.compile("Download as PDF")).first.click()
    assert Path(download.value.path()).read_bytes().startswith(b"%PDF")
    expected = [text for text in page.mistakes if "422" in text or "409" in text]
    assert page.mistakes == expected
