"""Smoke tests in Debian's Firefox: each main thing is done once, and nothing goes wrong in the console."""

import re
import time

import pytest

from tests import make
from tests.browser.firefox import Firefox
from tests.documents.pdf_parts import codes_on, rasterised
from tests.journeys.test_spine import MARIA, fill_template, person
from tests.make.inventory import lot
from tests.make.kiosks import offered
from tests.make.organizations import organization
from tests.make.vaccinations import dose, someone

pytestmark = [pytest.mark.browser, pytest.mark.once, pytest.mark.long]


@pytest.fixture(scope="module")
def program(tmp_path_factory):
    """One Firefox for all tests of this file."""
    started = Firefox(tmp_path_factory.mktemp("downloads"))
    yield started
    started.close()


@pytest.fixture
def fox(program, running):
    """A new person at that Firefox; afterwards nothing stands in the console."""
    program.arrive(running.url)
    yield program
    assert program.tell("mistakes") == []


@pytest.fixture
def world(running):
    """A writing session for what a test is about."""
    with running.machines.database.session(write=True) as session:
        yield session


def sign_in(fox, portal, name):
    fox.open(f"/account/sign-in/{portal}")
    fox.fill(name=name, password=make.PASSWORD)
    fox.press("Sign in")


def keep(fox, words):
    """Follow a link to a file, and read the file when it is whole."""
    before = set(fox.downloads.iterdir())
    fox.press(words)
    for _ in range(200):
        new = [path for path in set(fox.downloads.iterdir()) - before if path.suffix != ".part" and path.stat().st_size]
        if new and not list(fox.downloads.glob("*.part")):
            return new[0].read_bytes()
        time.sleep(0.1)
    raise AssertionError(f"{words}: no file came")


def test_somebody_signs_in_and_out(fox, world):
    make.manager(world, make.location(world), name="mo", first_name="Mo", last_name="Miller")
    fox.open("/")
    fox.press("I work at a clinic")
    fox.fill(name="mo", password="wrong")
    fox.press("Sign in")
    fox.see("Please check what you entered")
    fox.fill(name="mo", password=make.PASSWORD)
    fox.press("Sign in")
    fox.see("Mo Miller", "header")
    fox.click("header form[action*='sign-out'] button")
    fox.see("Sign in", "header")


def test_an_organization_is_found_while_somebody_types(fox, world):
    place = make.location(world)
    make.manager(world, place, name="mo")
    for name in ("Harvest Foods", "Bluewater Seafood"):
        organization(world, name)
    sign_in(fox, "provider", "mo")
    fox.see("Clinic day", "h1")
    fox.open(f"/provider/{place.id}/organizations")
    fox.click("#search-q")
    fox.tell("type", "blue")
    fox.see("Bluewater Seafood", "#found")
    fox.see("1", "#announcer")
    assert fox.tell("ask", "document.activeElement.id") == "search-q"
    assert "Harvest" not in fox.see("Bluewater", "#found")


def test_a_pencil_mends_one_detail_in_its_place(fox, world):
    place, employer = make.location(world), organization(world)
    make.manager(world, place, name="mo")
    sign_in(fox, "provider", "mo")
    fox.see("Clinic day", "h1")
    fox.open(f"/provider/{place.id}/organizations/{employer.id}")
    fox.tell("ask", "window.stayed = true")
    fox.click("#pencil-city a")
    fox.see("Save", "#pencil-city")
    assert fox.tell("ask", "window.stayed")
    assert fox.tell("ask", "document.activeElement.name") == "city"
    fox.fill(city="Durham")
    fox.press("Save")
    fox.see("Durham", "#pencil-city dd")
    fox.see("Saved.", "#announcer")
    assert fox.tell("ask", "document.activeElement.closest('.row')?.id") == "pencil-city"


def test_a_registration_rests_and_goes_on(fox, world):
    someone_new = someone(world, make.location(world))
    make.person(world, someone_new.id, name="maria")
    sign_in(fox, "recipient", "maria")
    fox.press("Register now")
    fox.press("My date of birth is Apr 28, 1950")
    fox.press("Next")
    fox.see("How to reach you", "h1")
    fox.click("label[for=contact_way-0]")
    fox.press("Pause")
    fox.see("Your answers are kept", "h1")
    fox.click("header form[action*='sign-out'] button")
    fox.see("Sign in", "header")
    sign_in(fox, "recipient", "maria")
    fox.press("Look at it and go on")
    fox.see("Welcome back", "h1")
    fox.press("Go on")
    fox.see("How to reach you", "h1")
    assert fox.tell("ask", "document.querySelector('[name=contact_way]:checked').value") == "email"


def test_a_workbook_is_uploaded(fox, running, world):
    employer = organization(world)
    make.contact(world, employer.id, name="pat@example.org.cvms.org")
    sign_in(fox, "organization", "pat@example.org.cvms.org")
    fox.press("These details are right")
    fox.see("Upload your people", "h1")
    template = keep(fox, "Template for Excel")
    rows = [MARIA, person(1, **{"Date of Birth": "31/31/1980"}), *(person(number) for number in range(2, 5))]
    path = fox.downloads / "employees of firefox.xlsx"
    path.write_bytes(fill_template(template, rows))
    fox.tell("upload", "input[type=file]", str(path))
    fox.click("label[for=attested]")
    fox.fill(attested_name="Pat Contact")
    fox.press("Upload")
    fox.see("accepted4 to mend", "main .stats")
    assert keep(fox, "Download the rows to mend")[:2] == b"PK"


def test_a_person_is_checked_in_and_vaccinated(fox, world):
    place = make.location(world)
    make.healthcare_provider(world, place, name="nora")
    stock = lot(world, place)
    someone(world, place, phone="9195550142")
    world.commit()
    sign_in(fox, "provider", "nora")
    fox.see("Clinic day", "h1")
    assert fox.tell("ask", "document.activeElement.name") == "last_name"
    fox.fill(last_name="Lopez", birth_date__month="4", birth_date__day="28", birth_date__year="1950", detail="0142")
    fox.press("Find")
    fox.see("Who was found", "h1")
    fox.press("Check in")
    fox.press("“No” to all of these")
    fox.see("Dose for Maria Lopez", "h1")
    fox.tell("choose", "#lot", "Pfizer")
    fox.click("label[for=fact_sheet_given]")
    fox.press("Record the dose")
    fox.see("Visit of Maria Lopez", "h1")
    fox.see(stock.number)


def test_a_proof_is_downloaded_and_found_genuine(fox, world):
    clinic = make.location(world)
    maria = someone(world, clinic, first_name="Maria", last_name="Lopez")
    dose(world, clinic, maria, lot(world, clinic))
    make.person(world, maria.id, name="maria")
    sign_in(fox, "recipient", "maria")
    fox.press("My proof of vaccination")
    fox.press("Make my proof")
    fox.see("Your proof is ready")
    proof = keep(fox, "Download the proof (PDF)")
    fox.arrive(fox.site)
    fox.open(next(code.text for code in codes_on(rasterised(proof, 200)) if code.text.startswith("http")))
    told = fox.see("This proof is genuine")
    assert "1950" in told
    assert "Maria" not in told


def test_a_request_reaches_the_help_desk_with_a_file(fox, tmp_path):
    (tmp_path / "days.txt").write_text("March 1 and March 22\n")
    fox.open("/help/recipient/request")
    fox.tell("choose", "#request_type", "My vaccination record is missing")
    fox.fill(description="My second dose is missing.", first_name="Maria", last_name="Lopez", email="maria@example.org")
    fox.tell("upload", "#request input[type=file]", str(tmp_path / "days.txt"))
    fox.press("Submit")
    assert re.search(r"CS\d{7}", fox.see("Your request is sent"))


def test_somebody_checks_in_at_the_kiosk(fox, world):
    place = make.location(world)
    someone(world, None, phone="9195550142")
    code = offered(world, place).code
    fox.open("/kiosk/pair")
    fox.fill(code=code)
    fox.press("Pair")
    fox.see("Welcome. Please check in.")
    fox.click("header a[lang=es]")
    fox.see("Le damos la bienvenida")
    fox.click("main a[href*='/kiosk/type']")
    fox.fill(last_name="Lopez", birth_date__month="4", birth_date__day="28", birth_date__year="1950", detail="0142")
    fox.click("main form button.big")
    fox.see("Maria L.")
    fox.click("button[value=yes]")
    fox.see("Tome asiento")
    ready = "navigator.serviceWorker.ready.then((one) => new URL(one.active.scriptURL).pathname)"
    assert fox.tell("ask", ready) == "/kiosk/worker.js"


def test_the_language_changes_and_stays(fox):
    fox.open("/")
    fox.click("header a[lang=es]")
    fox.see("English", "header")
    assert fox.tell("ask", "document.documentElement.lang") == "es"
    fox.open("/proof")
    assert fox.tell("ask", "document.documentElement.lang") == "es"
    fox.click("header button[value=en]")
    fox.see("Check a proof of vaccination", "h1")
