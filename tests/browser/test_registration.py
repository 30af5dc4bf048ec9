"""The whole registration on a small telephone without JavaScript: first page to the record, by what people read."""

import re
from datetime import date
from typing import Any

import pytest
from playwright.sync_api import expect

from app.domain.accounts.access import system
from app.domain.program.settings import ChangeSetting, change_setting
from app.infra import clock
from tests.browser.conftest import shot

pytestmark = [pytest.mark.browser, pytest.mark.once]

PASSWORD = "Good-Password-1"
MOST_BYTES = 70_000


@pytest.fixture
def telephone(chromium: Any, running: Any) -> Any:
    """A telephone of 320 pixels, its scripts off, that sums up what comes over the wire."""
    with running.machines.database.transaction() as session:
        opened = ChangeSetting("self_registration_open", "yes", date(2021, 1, 1))
        change_setting(session, system("test"), opened, now=clock.now())
    context = chromium.new_context(
        base_url=running.url, java_script_enabled=False, viewport={"width": 320, "height": 640}
    )
    page = context.new_page()
    page.set_default_timeout(15_000)
    page.heavy, page.seen = 0, []
    wire = context.new_cdp_session(page)
    wire.send("Network.enable")

    def arrived(event: Any) -> None:
        page.heavy += event["encodedDataLength"]

    wire.on("Network.loadingFinished", arrived)
    yield page
    context.close()


def press(page: Any, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).first.click()


def fill(page: Any, **typed: str) -> None:
    for label, text in typed.items():
        page.get_by_label(re.compile(rf"^{label.replace('_', ' ')}\b")).first.fill(text)


def pick(page: Any, question: str, answer: str) -> None:
    page.get_by_role("radiogroup", name=question).get_by_label(answer, exact=True).check(force=True)


def arrive(page: Any, heading: str) -> None:
    """The page is there, nothing sticks out at the side, and every question says why or needs no reason."""
    expect(page.get_by_role("heading", level=1)).to_have_text(heading)
    size = page.context.new_cdp_session(page).send("Page.getLayoutMetrics")["cssContentSize"]
    assert size["width"] <= 320, f"{heading} is {size['width']} pixels wide"
    page.seen.append(heading)
    shot(page, f"registration-320-{len(page.seen):02d}")


def follow_the_mail(page: Any, running: Any, path: str) -> None:
    """The mailbox is another program: what it downloads is not counted."""
    running.work()
    before = page.heavy
    page.goto("/demo/mails")
    mail = page.get_by_role("group").filter(has_text=" maria@example.net,").filter(has_text=path).first
    if mail.get_attribute("open") is None:
        mail.locator("summary").click()
    target = mail.get_by_role("link").first.get_attribute("href")
    page.heavy = before
    page.goto(target)


def test_a_person_registers_on_a_small_telephone_without_javascript(telephone, running):
    page = telephone
    page.goto("/")
    page.get_by_role("link", name="Register for your vaccination").click()
    arrive(page, "Register")
    fill(page, Legal_first_name="Maria", Legal_last_name="Lopez", Month="4", Day="28", Year="1950")
    fill(page, Your_e="maria@example.net")
    press(page, "Send me the link")
    arrive(page, "Now, check your email")
    follow_the_mail(page, running, "/account/recipient/register/")
    arrive(page, "Welcome, Maria")
    fill(page, New_password=PASSWORD, The_same_password_again=PASSWORD)
    press(page, "Save password and go on")
    page.get_by_role("link", name="Register now").first.click()
    answer_everything(page)
    arrive(page, "Check your answers")
    press(page, "Finish: register me")
    expect(page.get_by_role("main")).to_contain_text("You are registered")
    assert len(page.seen) == 12
    assert page.heavy <= MOST_BYTES, f"{page.heavy:,} bytes"


def answer_everything(page):
    arrive(page, "Your name")
    assert has_pause(page)
    page.get_by_label(re.compile("My date of birth is Apr 28, 1950")).check(force=True)
    press(page, "Next")
    arrive(page, "How to reach you")
    pick(page, "How should we contact you?", "E-mail")
    pick(page, "Which language do you prefer?", "English")
    press(page, "Next")
    arrive(page, "Your address")
    fill(page, Street_address="12 Oak St", City="Raleigh", ZIP_code="27601")
    page.get_by_label("State").select_option(label="North Carolina")
    page.get_by_label("County").select_option(label="Wake")
    pick(page, "Do you live or work in North Carolina?", "Yes")
    press(page, "Next")
    arrive(page, "About you")
    for box in page.get_by_label("Prefer not to say", exact=True).all():
        box.check(force=True)
    press(page, "Next")
    arrive(page, "Your work or school")
    page.get_by_label(re.compile("What kind of work")).select_option(label="Other")
    pick(page, "Must you be at your work place in person?", "I do not work at this time")
    pick(page, "Do you care for people who may have COVID-19, or work close to them?", "No")
    pick(page, "Does one of these fit your work?", "Prefer not to say")
    pick(page, "Are you a student?", "No")
    press(page, "Next")
    arrive(page, "Where you live")
    pick(page, "Do you live in one of these places?", "Prefer not to say")
    press(page, "Next")
    arrive(page, "Your health")
    page.get_by_label("Prefer not to say", exact=True).first.check(force=True)
    press(page, "Next")
    arrive(page, "Your agreement")
    page.get_by_label(re.compile("My answers are true")).check(force=True)
    page.get_by_label(re.compile("I agree that my answers are shared")).check(force=True)
    assert has_pause(page)
    press(page, "Next")


def has_pause(page):
    return page.get_by_role("button", name="Pause").count() == 1
