"""A request with a picture, an agent's morning, the answer by the mail's link: in Chromium, with JavaScript and without."""

from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import expect

from tests import make
from tests.browser.conftest import assert_fits, shot
from tests.make import helpdesk

pytestmark = [pytest.mark.browser, pytest.mark.once]


@pytest.fixture
def agent(running: Any) -> Any:
    with running.machines.database.session(write=True) as session:
        yield helpdesk.agent(session, "recipients", name="ada", first_name="Ada", last_name="Quinn")


def look(page: Any, name: str) -> None:
    """Nothing is wider than a phone."""
    for width in (1280, 320):
        assert_fits(page, width)
        shot(page, f"helpdesk-{name}-{width}")


def press(page: Any, name: str) -> None:
    page.get_by_role("main").get_by_role("button", name=name, exact=True).first.click()


def newest_link(page: Any, running: Any) -> None:
    """Follow the link of the newest mail."""
    running.work()
    page.goto("/demo/mails")
    mail = page.get_by_role("group").first
    if mail.get_attribute("open") is None:
        mail.locator("summary").click()
    mail.get_by_role("link").first.click()


def sign_in_as_agent(page: Any) -> None:
    page.goto("/account/sign-in/helpdesk")
    page.get_by_label("User name").fill("ada")
    page.get_by_label("Password").fill(make.PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Sign in").click()


def sign_out(page: Any) -> None:
    page.goto("/account/sign-out")
    press(page, "Sign out")


def ask(page: Any, folder: Path) -> None:
    """A person at the front of the help desk, with a picture of the card and a list."""
    Image.new("RGB", (1200, 900), "white").save(folder / "my card.jpg")
    (folder / "days.txt").write_text("March 1 and March 22\n")
    page.goto("/help/")
    page.get_by_role("link", name="Vaccine Recipient").click()
    page.get_by_role("link", name="Get help", exact=True).click()
    look(page, "intake")
    page.get_by_label("Request type").select_option(label="My vaccination record is missing or wrong")
    page.get_by_label("Description of request").fill("My second dose is missing.")
    page.get_by_label("Files").set_input_files([folder / "my card.jpg", folder / "days.txt"])
    page.get_by_label("First name").fill("Maria")
    page.get_by_label("Last name").fill("Lopez")
    press(page, "Submit")
    expect(page.get_by_role("alert")).to_contain_text("answers come by mail")
    page.get_by_label("E-mail address").fill("maria@example.org")
    page.get_by_label("Files").set_input_files([folder / "my card.jpg", folder / "days.txt"])
    press(page, "Submit")
    expect(page.get_by_role("heading", level=1)).to_have_text("Your request is sent")
    look(page, "sent")


def test_a_request_is_asked_answered_and_settled(browser_page: Any, running: Any, agent: Any, tmp_path: Path) -> None:
    page = browser_page
    ask(page, tmp_path)
    sign_in_as_agent(page)
    look(page, "queue")
    page.get_by_role("link", name="CS0000001").click()
    press(page, "I answer this one")
    with page.expect_download() as started:
        page.get_by_role("link", name="my card.jpg").click()
    with Image.open(started.value.path()) as picture:
        assert picture.size == (1200, 900)
    page.get_by_label("Note, for agents only").fill("Looks right.")
    press(page, "Keep the note")
    page.get_by_label("Message to the requester").fill("Where was the second dose given?")
    press(page, "Ask for information")
    expect(page.get_by_role("main")).to_contain_text("Waiting for an answer")
    look(page, "case")
    sign_out(page)
    newest_link(page, running)
    expect(page.get_by_role("main")).to_contain_text("Where was the second dose given?")
    assert "Looks right." not in page.inner_text("main")
    page.get_by_label("Your answer").fill("In Durham, at the fair ground.")
    look(page, "answer")
    press(page, "Send the answer")
    sign_in_as_agent(page)
    page.goto("/help/desk/cases/CS0000001")
    page.get_by_label("Message to the requester").fill("It is in your record now.")
    page.get_by_label("How it was settled").select_option(label="Data corrected")
    press(page, "Propose a solution")
    sign_out(page)
    newest_link(page, running)
    press(page, "It is solved")
    expect(page.get_by_role("main")).to_contain_text("This request is closed")
    look(page, "closed")
    assert [text for text in page.mistakes if "422" not in text and "404" not in text] == []
