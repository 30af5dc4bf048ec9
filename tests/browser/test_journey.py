"""The main job as people see it, in Chromium: an employer's workbook becomes a printed proof, with JavaScript and without.

Whatever is clicked or filled here is found by what a person reads: labels, headings, names of buttons and links.
"""

import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from app.domain.inventory.models import Lot
from app.domain.recipients.models import Recipient
from app.domain.vaccinations.models import Administration
from tests import make
from tests.browser.conftest import shot
from tests.documents.pdf_parts import codes_on, rasterised, text_of
from tests.journeys.test_spine import GOOD_PASSWORD, MARIA, fill_template, person

pytestmark = [pytest.mark.browser, pytest.mark.once]

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
BORN = {"Month": "4", "Day": "28", "Year": "1950"}


@pytest.fixture(params=[True, False], ids=["with JavaScript", "without JavaScript"])
def scripted(request: pytest.FixtureRequest) -> bool:
    """Whether the browsers of the story run scripts."""
    return bool(request.param)


@pytest.fixture
def arrive(chromium: Any, running: Any, scripted: bool) -> Iterator[Callable[[], Any]]:
    """A new person sits down at a browser of their own; nothing may go wrong in its console."""
    contexts, mistakes = [], []

    def sit_down() -> Any:
        contexts.append(
            chromium.new_context(
                base_url=running.url, java_script_enabled=scripted, viewport={"width": 1280, "height": 900}
            )
        )
        page = contexts[-1].new_page()
        page.set_default_timeout(15_000)
        page.on("console", lambda said: mistakes.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: mistakes.append(str(error)))
        return page

    yield sit_down
    for context in contexts:
        context.close()
    assert mistakes == []


def press(page: Any, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).first.click()


def follow(page: Any, name: str | re.Pattern[str]) -> None:
    page.get_by_role("link", name=name).first.click()


def fill(page: Any, **typed: str) -> None:
    """Fill fields by their labels; _ stands for a space."""
    for label, text in typed.items():
        page.get_by_label(re.compile(rf"^{label.replace('_', ' ')}\b")).first.fill(text)


def heading(page: Any, text: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(text)


def shown(page: Any, text: str | re.Pattern[str]) -> None:
    expect(page.get_by_role("main")).to_contain_text(text)


def search(page: Any, scripted: bool, text: str) -> None:
    """Type letter by letter; who has no JavaScript presses the button."""
    page.get_by_role("searchbox").press_sequentially(text, delay=30)
    if not scripted:
        press(page, "Search")


def sign_in(page: Any, door: str, name: str, password: str) -> None:
    page.goto("/")
    page.get_by_role("link", name=door).first.click()
    fill(page, User_name=name, Password=password)
    page.get_by_role("main").get_by_role("button", name="Sign in").click()


def open_mail(page: Any, address: str) -> None:
    """Open the demonstration's mails and follow the link of the newest one to this address."""
    page.goto("/demo/mails")
    mail = page.get_by_role("group").filter(has_text=f"to {address},").first
    if mail.get_attribute("open") is None:
        mail.locator("summary").click()
    mail.get_by_role("link").first.click()


def choose_password(page: Any) -> None:
    fill(page, New_password=GOOD_PASSWORD, The_same_password_again=GOOD_PASSWORD)
    press(page, "Save password and sign in")


def keep(page: Any, link: str, folder: Path) -> bytes:
    """Download by the link as a person would, and read what lies in the folder then."""
    with page.expect_download() as started:
        follow(page, link)
    path = folder / started.value.suggested_filename
    started.value.save_as(path)
    return path.read_bytes()


def test_an_employers_workbook_becomes_a_printed_proof(arrive, running, scripted, tmp_path):
    with running.machines.database.session(write=True) as session:
        place = make.location(session)
        make.manager(session, place, name="mmiller", first_name="Mo", last_name="Miller")
        make.healthcare_provider(session, place, name="nkim", first_name="Nora", last_name="Kim")
    boss, contact, maria, nurse = (arrive() for _ in range(4))
    an_employer_becomes_known(boss, scripted)
    a_shipment_arrives(boss)
    running.work()
    the_contact_uploads_their_people(contact, tmp_path)
    running.work()
    maria_registers_with_a_pause(maria)
    maria_is_vaccinated(nurse)
    a_walk_in_is_vaccinated(nurse)
    the_stock_has_fallen_by_two(boss, scripted)
    the_proof_is_downloaded_and_genuine(maria, nurse, arrive(), tmp_path)
    with running.machines.database.reading() as session:
        given = session.execute(select(Recipient.last_name, Lot.number, Administration.status).join_from(
            Administration, Recipient, Recipient.id == Administration.recipient_id).join(Lot, Lot.id == Administration.lot_id))
        assert set(map(tuple, given)) == {("Lopez", "EN6201", "completed"), ("Ingram", "EN6201", "completed")}


def an_employer_becomes_known(boss, scripted):
    sign_in(boss, "I work at a clinic", "mmiller", make.PASSWORD)
    boss.get_by_role("navigation", name="Main").get_by_text("More").click()
    follow(boss, "Organization Management")
    search(boss, scripted, "har")
    shown(boss, "No organization matches “har”")
    shot(boss, f"search-{scripted}")
    follow(boss, "New organization")
    fill(boss, Organization_name="Harvest Foods", Street="1 Main St", City="Raleih", ZIP="27601")
    boss.get_by_label("Industry").select_option(label="Food and agriculture")
    boss.get_by_label("State").select_option(label="North Carolina")
    press(boss, "Create organization")
    heading(boss, "Harvest Foods")
    follow(boss, "Edit City")
    fill(boss, City="Raleigh")
    press(boss, "Save")
    expect(boss.get_by_role("link", name="Edit City")).to_be_visible()
    shown(boss, "Raleigh")
    follow(boss, "Organization Management")
    follow(boss, "New point of contact")
    search(boss, scripted, "harvest main")
    follow(boss, "Harvest Foods")
    shown(boss, "1 Main St, Raleigh, North Carolina 27601")
    fill(boss, First_name="Pat", Last_name="Contact", E="pat@harvest.example")
    boss.get_by_role("checkbox").check(force=True)
    press(boss, "Create point of contact")
    heading(boss, "Pat Contact")


def a_shipment_arrives(boss):
    follow(boss, "Vaccine inventory")
    follow(boss, "Receive a shipment")
    boss.get_by_label(re.compile("Pfizer")).first.check(force=True)
    late = date.today() + timedelta(days=90)
    fill(boss, Lot_number="EN6201", Month=str(late.month), Day=str(late.day), Year=str(late.year))
    fill(boss, Doses_expected="1170", Doses_received="1,170")
    press(boss, "Add to the inventory")
    shown(boss, "1,170 doses added to the lot.")


def the_contact_uploads_their_people(contact, folder):
    open_mail(contact, "pat@harvest.example")
    heading(contact, "Welcome, Pat")
    choose_password(contact)
    heading(contact, "Organization details")
    press(contact, "These details are right")
    heading(contact, "Upload your people")
    template = keep(contact, "Template for Excel", folder)
    spoiled = [person(1, **{"Date of Birth": "31/31/1980"}), person(2, **{"Last Name": ""}), person(3, Email="a@b@c")]
    crew = [MARIA, *spoiled, *(person(number) for number in range(4, 12))]
    send(contact, fill_template(template, crew), "employees.xlsx")
    shown(contact, re.compile(r"people in the file\s*12\s*accepted\s*9\s*to mend.*\s*3"))
    shot(contact, "uploaded")
    assert keep(contact, "Download the rows to mend", folder)[:2] == b"PK"
    send(contact, fill_template(template, [person(number) for number in (1, 2, 3)]), "mended.xlsx")
    shown(contact, "Every row was accepted")
    follow(contact, "People")
    contact.get_by_role("searchbox").fill("lop")
    press(contact, "Search")
    shown(contact, "Maria Lopez")
    assert "lop" not in contact.url.lower()


def send(contact, data, name):
    contact.get_by_label(re.compile("^File")).set_input_files({"name": name, "mimeType": XLSX, "buffer": data})
    contact.get_by_role("checkbox").last.check(force=True)
    fill(contact, Your_full_name="Pat Contact")
    press(contact, "Upload")


def maria_registers_with_a_pause(maria):
    open_mail(maria, "maria.lopez@example.net")
    fill(maria, **BORN)
    choose_password(maria)
    shot(maria, "claimed")
    name = re.search(r"user name is (\S+?):? ", maria.get_by_role("main").inner_text() + " ")[1]
    follow(maria, "Register now")
    maria.get_by_label(re.compile("My date of birth is Apr 28, 1950")).check(force=True)
    press(maria, "Next")
    pick(maria, "How should we contact you?", "E-mail")
    pick(maria, "Which language do you prefer?", "English")
    press(maria, "Pause")
    heading(maria, "Your answers are kept")
    press(maria, "Sign out")
    sign_in(maria, "I want my own vaccine record", name, GOOD_PASSWORD)
    shown(maria, "You have a form that is not finished")
    follow(maria, "Look at it and go on")
    heading(maria, "Welcome back")
    shown(maria, "Lopez")
    press(maria, "Go on")
    answer_the_rest(maria)
    press(maria, "Finish: register me")
    shown(maria, "You are registered since")


def pick(page, question, answer):
    page.get_by_role("radiogroup", name=question).get_by_label(answer, exact=True).check(force=True)


def answer_the_rest(maria):
    heading(maria, "How to reach you")
    press(maria, "Next")
    fill(maria, Street_address="12 Oak St", City="Raleigh", ZIP_code="27601")
    maria.get_by_label("State").select_option(label="North Carolina")
    maria.get_by_label("County").select_option(label="Wake")
    pick(maria, "Do you live or work in North Carolina?", "Yes")
    press(maria, "Next")
    pick(maria, "What is your gender?", "Female")
    maria.get_by_role("group", name="What is your race?").get_by_label("White").check(force=True)
    pick(maria, "Are you Hispanic or Latino?", "Hispanic or Latino")
    press(maria, "Next")
    maria.get_by_label("What kind of work do you do?").select_option(label="Food and agriculture")
    maria.get_by_role("radiogroup", name="Must you be").get_by_role("radio").first.check(force=True)
    pick(maria, "Do you care for people", "No")
    pick(maria, "Does one of these fit your work?", "None of these fits")
    pick(maria, "Are you a student?", "No")
    press(maria, "Next")
    maria.get_by_role("radiogroup", name="Do you live in one").get_by_label("Prefer not to say").check(force=True)
    press(maria, "Next")
    maria.get_by_role("group", name="Do you have any").get_by_label("None of these").check(force=True)
    press(maria, "Next")
    for box in maria.get_by_role("main").get_by_role("checkbox").all():
        box.check(force=True)
    press(maria, "Next")
    heading(maria, "Check your answers")


def maria_is_vaccinated(nurse):
    sign_in(nurse, "I work at a clinic", "nkim", make.PASSWORD)
    heading(nurse, "Clinic day")
    fill(nurse, Last_name="Lopez", **BORN)
    nurse.get_by_label(re.compile("^One more detail")).fill("0142")
    press(nurse, "Find")
    shown(nurse, "Maria Lopez")
    assert "lopez" not in nurse.url.lower()
    press(nurse, "Check in")
    nobody_says_yes(nurse)
    give_the_dose(nurse, "Maria Lopez")


def nobody_says_yes(nurse):
    nurse.get_by_role("checkbox", name="“No” to all of these").check(force=True)


def give_the_dose(nurse, name):
    heading(nurse, f"Dose for {name}")
    nurse.get_by_role("checkbox", name=re.compile("fact sheet", re.IGNORECASE)).check(force=True)
    press(nurse, "Record the dose")
    heading(nurse, f"Visit of {name}")
    shown(nurse, "EN6201")


def a_walk_in_is_vaccinated(nurse):
    follow(nurse, "Same vaccine, next person")
    follow(nurse, "Walk-in")
    fill(nurse, First_name="Walter", Last_name="Ingram", Month="5", Day="2", Year="1948", ZIP_code="27601")
    nurse.get_by_label("Gender").select_option(label="Male")
    nurse.get_by_label("Ethnicity").select_option(label="Not Hispanic or Latino")
    nurse.get_by_role("group", name="Race").get_by_label("White").check(force=True)
    press(nurse, "Register and check in")
    nobody_says_yes(nurse)
    give_the_dose(nurse, "Walter Ingram")


def the_stock_has_fallen_by_two(boss, scripted):
    follow(boss, "Vaccine inventory")
    shown(boss, "1,168")
    follow(boss, "Recipients")
    search(boss, scripted, "lop")
    expect(boss.get_by_role("main").get_by_role("row")).to_have_count(2)
    shown(boss, "Maria Lopez")
    expect(boss).not_to_have_url(re.compile("lop"))
    expect(boss).to_have_url(re.compile(r"\?q="))
    shot(boss, f"recipients-{scripted}")


def the_proof_is_downloaded_and_genuine(maria, nurse, anybody, folder):
    maria.reload()
    shown(maria, "Lot number: EN6201")
    follow(maria, "My proof of vaccination")
    press(maria, "Make my proof")
    shown(maria, "Your proof is ready")
    proof = keep(maria, "Download the proof (PDF)", folder)
    assert {"Maria", "EN6201"} <= set(re.findall(r"\w+", text_of(proof)))
    anybody.goto(next(code.text for code in codes_on(rasterised(proof, 200)) if code.text.startswith("http")))
    shown(anybody, "This proof is genuine")
    press(nurse, "Make the proof")
    assert "Walter" in text_of(keep(nurse, "Download the proof (PDF)", folder))
