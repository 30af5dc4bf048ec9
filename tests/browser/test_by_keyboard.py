"""Every main journey by keyboard alone: each stop is framed and in sight, the first one leads past the menu, nothing traps."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from app.domain.drafts.models import Draft
from app.domain.eligibility.models import Opening
from app.domain.helpdesk.models import Attachment, Case, Comment
from app.domain.helpdesk.work_case import Reply, Seen, ask_for_information
from app.infra import clock
from app.infra.kept_mail import latest_mails
from tests import make
from tests.browser.conftest import Running
from tests.browser.keyboard import Keyboard
from tests.journeys.test_spine import MARIA, fill_template, person
from tests.make import enrollment, helpdesk
from tests.make.inventory import lot
from tests.make.kiosks import kiosk
from tests.make.organizations import organization
from tests.make.vaccinations import dose, someone

pytestmark = [pytest.mark.browser, pytest.mark.once]


@pytest.fixture
def world(running: Running) -> Iterator[Any]:
    """A writing session for what a journey is about."""
    with running.machines.database.session(write=True) as session:
        yield session


@pytest.fixture
def keys(chromium: Any, running: Running) -> Iterator[Keyboard]:
    """A person without a mouse."""
    page = chromium.new_page(base_url=running.url, viewport={"width": 1280, "height": 720})
    page.set_default_timeout(15_000)
    # Whoever begins to listen for the window for files with the very key that opens it may come too late.
    page.on("filechooser", lambda _chooser: None)
    yield Keyboard(page, looks=True)
    page.close()


def sign_in(keys: Keyboard, portal: str, name: str, heading: str) -> None:
    keys.page.goto(f"/account/sign-in/{portal}")
    keys.arrive("Sign in")
    keys.fill("name", name)
    keys.fill("password", make.PASSWORD)
    keys.press("Enter")
    keys.arrive(heading)


def choose_file(keys: Keyboard, name: str, path: Path) -> None:
    """The system's own window for files is beyond the page; it opens with a key."""
    keys.reach(name)
    with keys.page.expect_file_chooser() as opened:
        keys.press("Space")
    opened.value.set_files(path)


def keep(keys: Keyboard, link: str) -> bytes:
    keys.to(link)
    with keys.page.expect_download() as started:
        keys.press("Enter")
    return Path(started.value.path()).read_bytes()


def begin_registration(keys: Keyboard, world: Any) -> None:
    """The first page, half of the second one, and a pause."""
    make.person(world, someone(world, make.location(world), email="m@example.net").id, name="maria")
    sign_in(keys, "recipient", "maria", "Maria Lopez")
    keys.go("Register now", "Your name")
    keys.tick("birth_confirmed")
    keys.go("Next", "How to reach you")
    keys.pick("contact_way", "E-mail")
    keys.go("Pause", "Your answers are kept")


def test_a_registration_pauses_and_goes_on(keys, world):
    begin_registration(keys, world)
    keys.go("Go on now", "Welcome back")
    keys.go("Go on", "How to reach you")
    assert keys.page.is_checked("[name=contact_way][value=email]")
    assert "Next" in keys.goes_round()


@pytest.mark.long
def test_a_registration_is_finished_on_another_day(keys, world):
    begin_registration(keys, world)
    keys.go("Sign out", "COVID-19 Vaccine Management System")
    sign_in(keys, "recipient", "maria", "Maria Lopez")
    keys.go("Look at it and go on", "Welcome back")
    keys.go("Go on", "How to reach you")
    keys.pick("language", "English")
    keys.go("Next", "Your address")
    for name, text in (("street", "12 Oak St"), ("city", "Raleigh"), ("state_abbr", "North C"), ("zip", "27601")):
        keys.fill(name, text)
    keys.begin_anew()
    keys.fill("county_fips", "Wake")
    keys.pick("in_state", "Yes")
    keys.go("Next", "About you")
    keys.pick("gender", "Female")
    keys.tick("races")
    keys.pick("ethnicity", "Prefer not to say")
    keys.go("Next", "Your work or school")
    kept = world.scalars(select(Draft)).one().data["steps"]
    assert (kept["contact"]["contact_way"], kept["address"]["county_fips"]) == (["email"], ["37183"])


@pytest.mark.long
def test_a_step_of_an_enrollment_is_answered(keys, world):
    enrollment.started(world)
    sign_in(keys, "enrollment", "ann@harvest.example", "New enrollment")
    keys.go("Next: ", "Organization")
    told = enrollment.section_a()
    keys.to("Next")
    keys.press("Enter")
    keys.page.wait_for_selector("[data-error-summary]:focus")
    assert "Please check what you entered" in keys.page.inner_text(":focus")
    keys.to("Legal name")
    keys.press("Enter")
    assert keys.page.evaluate("document.activeElement.name") == "legal_name"
    for name in ("legal_name", "organization_phone", "organization_email"):
        keys.fill(name, told[name])
    keys.begin_anew()
    for name, text in (("street", "12 Main St"), ("city", "Raleigh"), ("state", "North C"), ("county", "Wake"), ("zip", "27601")):
        keys.begin_anew()
        keys.fill(f"organization_{name}", text)
    keys.go("Next", "Organization Administrator")


@pytest.mark.long
def test_an_employer_uploads_its_people(keys, world, tmp_path):
    make.contact(world, organization(world).id, name="pat@example.org.cvms.org")
    sign_in(keys, "organization", "pat@example.org.cvms.org", "Organization details")
    keys.go("These details are right", "Upload your people")
    rows = [MARIA, person(1, **{"Date of Birth": "31/31/1980"}), person(2)]
    (tmp_path / "employees.xlsx").write_bytes(fill_template(keep(keys, "Template for Excel"), rows))
    choose_file(keys, "file", tmp_path / "employees.xlsx")
    keys.tick("attested")
    keys.fill("attested_name", "Pat Contact")
    keys.go("Upload", "employees.xlsx")
    assert keep(keys, "Download the rows to mend")[:2] == b"PK"


@pytest.mark.long
def test_a_proof_is_made_and_downloaded(keys, world):
    clinic = make.location(world)
    maria = someone(world, clinic)
    dose(world, clinic, maria, lot(world, clinic))
    make.person(world, maria.id, name="maria")
    sign_in(keys, "recipient", "maria", "Maria Lopez")
    keys.go("My proof of vaccination", "My proof of vaccination")
    keys.pick("language", "Spanish")
    keys.to("Make my proof")
    keys.press("Enter")
    keys.page.wait_for_selector("text=Your proof is ready")
    keys.arrive("My proof of vaccination")
    assert keep(keys, "Download the proof (PDF)")[:5] == b"%PDF-"


@pytest.mark.long
def test_help_is_asked_for_and_given(keys, world, running, tmp_path):
    helpdesk.agent(world, "recipients", name="ada", first_name="Ada", last_name="Quinn")
    (tmp_path / "days.txt").write_text("March 1 and March 22\n")
    keys.page.goto("/help/")
    keys.arrive("How can we help?")
    keys.go("Vaccine Recipient", "Vaccine Recipient")
    keys.go("Get help", "Get help")
    keys.fill("request_type", "My vaccination record is m")
    keys.fill("description", "My second dose is missing.")
    choose_file(keys, "files", tmp_path / "days.txt")
    for name, text in (("first_name", "Maria"), ("last_name", "Lopez"), ("email", "maria@example.org")):
        keys.fill(name, text)
    keys.go("Submit", "Your request is sent")
    sign_in(keys, "helpdesk", "ada", "Queue")
    keys.go("CS0000001", "CS0000001")
    keys.go("I answer this one", "CS0000001")
    keys.fill("text", "Where was the second dose given?")
    keys.to("Ask for information")
    keys.press("Enter")
    keys.page.wait_for_selector("text=Waiting for an answer")
    running.work()
    case = world.scalars(select(Case)).one()
    assert (case.status, case.description) == ("awaiting_info", "My second dose is missing.")
    assert world.scalars(select(Attachment.filename)).all() == ["days.txt"]
    assert [mail.to for mail in latest_mails(world)] == ["maria@example.org", "maria@example.org"]


@pytest.mark.long
def test_a_question_is_answered_by_the_link_of_its_mail(keys, world, running, tmp_path):
    """By somebody without an account: the link is the key."""
    agent, now = make.actor(world, helpdesk.agent(world, "recipients")), clock.now()
    made = helpdesk.opened(world, running.machines.storage)
    reply = Reply(Seen(made.number, made.version), "Which clinic was it?")
    ask_for_information(world, agent, reply, storage=running.machines.storage, now=now, today=now.date())
    world.commit()
    running.work()
    (tmp_path / "card.txt").write_text("Coliseum, March 1\n")
    keys.page.goto("/demo/mails")
    keys.arrive("Mails of this demonstration")
    keys.go("http", "Request CS0000001")
    assert "Where is it?" in keys.page.inner_text("main")
    assert "Which clinic was it?" in keys.page.inner_text("main")
    keys.to("Send the answer")
    keys.press("Enter")
    keys.page.wait_for_selector("[data-error-summary]:focus")
    keys.fill("text", "The Coliseum.")
    choose_file(keys, "files", tmp_path / "card.txt")
    keys.to("Send the answer")
    keys.press("Enter")
    keys.page.wait_for_selector("main [role=status]:has-text('Your answer is sent')")
    keys.arrive("Request CS0000001")
    assert "card.txt" in keys.goes_round()
    world.refresh(made)
    assert made.status == "open"
    told = world.scalars(select(Comment).where(Comment.case_id == made.id, Comment.by == "requester")).one()
    assert told.text == "The Coliseum."


@pytest.mark.long
def test_the_state_closes_a_group(keys, world):
    make.administrator(world, name="sam")
    sign_in(keys, "state", "sam", "The program today")
    keys.choose("Program", "Phases", "Phases")
    keys.to("Group")
    keys.press("Enter")
    keys.page.wait_for_selector("h2:has-text('Change')")
    keys.arrive("Group")
    keys.pick("act", "The group is closed")
    keys.to("Show what it would do")
    keys.press("Enter")
    keys.page.wait_for_selector("[data-error-summary]:focus")
    day = clock.now() + timedelta(days=30)
    for part in ("month", "day", "year"):
        keys.fill(f"day-{part}", str(getattr(day, part)))
    keys.tick("mail_held")
    keys.to("Show what it would do")
    keys.press("Enter")
    keys.page.wait_for_selector("text=What this would do on")
    keys.to("Make the change")
    keys.press("Enter")
    keys.page.wait_for_selector("#announcer:has-text('The change is made')", state="attached")
    ends = select(Opening.effective_until).where(Opening.effective_until.is_not(None))
    assert world.scalars(ends).all() == [day.date()]


@pytest.mark.long
def test_a_detail_is_mended_and_the_place_is_kept(keys, world):
    place = make.location(world)
    employer = organization(world)
    make.manager(world, place, name="mo")
    sign_in(keys, "provider", "mo", "Clinic day")
    keys.page.goto(f"/provider/{place.id}/organizations")
    keys.fill("q", "harv")
    keys.page.wait_for_selector("#found:has-text('Harvest Foods')")
    keys.go("Harvest Foods", "Harvest Foods")
    for words, city in (("Cancel", "Raleigh"), ("Save", "Durham")):
        keys.to("Edit City")
        keys.press("Enter")
        keys.page.wait_for_selector("#pencil-city input:focus")
        keys.press("Control+a")
        keys.fill("city", "Durham")
        keys.to(words)
        keys.press("Enter")
        keys.page.wait_for_selector("#pencil-city > dd > a:focus")
        assert city in keys.page.inner_text("#pencil-city")
    world.refresh(employer)
    assert employer.city == "Durham"


@pytest.mark.long
@pytest.mark.parametrize("words", [
    ("en", "Type my name", "Who are you?", "Go on", "Are you Maria L.?", "Yes, that is me", "You are checked in.", "Done"),
    ("es", "Escribir mi nombre", "¿Quién es usted?", "Continuar", "Maria L.", "Sí, soy yo", "Su llegada está registrada.", "Listo"),
], ids=["English", "Spanish"])  # fmt: skip
def test_somebody_checks_in_at_the_kiosk(keys, world, running, words):
    language, type_name, who, go_on, are_you, yes, checked_in, ready = words
    place = make.location(world)
    someone(world, None, phone="9195550142")
    _made, token = kiosk(world, place)
    keys.page.context.add_cookies([{"name": "cvms_kiosk", "value": token, "url": f"{running.url}/kiosk"}])
    keys.page.goto(f"/kiosk/?lang={language}")
    keys.to(type_name)
    keys.enter(who)
    for name, text in (("last_name", "Lopez"), ("birth_date-month", "4"), ("birth_date-day", "28"), ("birth_date-year", "1950"),
                       ("detail", "0142")):
        keys.fill(name, text)
    for button, heading in ((go_on, are_you), (yes, checked_in)):
        keys.to(button)
        keys.press("Enter")
        keys.page.wait_for_selector(f"h1:has-text('{heading}')")
    assert any(stop.startswith(ready) for stop in keys.goes_round())
