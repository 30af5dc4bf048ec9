"""Passwords where they are typed: what is asked for shows while typing, and one can look at one's own."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import expect

from tests import make
from tests.browser.conftest import shot

pytestmark = [pytest.mark.browser, pytest.mark.once]


@pytest.fixture
def page(chromium: Any, running: Any) -> Iterator[Any]:
    """A tab; the buttons are there with JavaScript only."""
    page = chromium.new_page(base_url=running.url)
    yield page
    page.close()


def test_a_password_can_be_looked_at_and_is_hidden_when_it_is_sent(page):
    page.goto("/account/sign-in/provider")
    page.fill("[name=name]", "nobody")
    field, button = page.locator("#password"), page.locator("#password + button")
    field.fill("seven otters juggle")
    expect(field).to_have_attribute("type", "password")
    expect(button).to_have_text("Show password")
    button.click()
    expect(field).to_have_attribute("type", "text")
    expect(button).to_have_text("Hide password")
    expect(field).to_have_value("seven otters juggle")
    shot(page, "password_shown")
    types = page.evaluate(
        """() => new Promise((told) => {
            document.querySelector("form:has(#password)").addEventListener("submit", (event) => {
                event.preventDefault();
                told(document.getElementById("password").type);
            });
            document.querySelector("form:has(#password) [type=submit]").click();
        })"""
    )
    assert types == "password"


def test_what_a_new_password_needs_is_ticked_while_it_is_typed_shown_or_not(running, page):
    with running.machines.database.session(write=True) as session:
        make.manager(session, make.location(session), name="ottokar")
    page.goto("/account/sign-in/provider")
    page.fill("[name=name]", "ottokar")
    page.fill("[name=password]", make.PASSWORD)
    page.press("[name=password]", "Enter")
    page.goto("/account/password")
    long, match = page.locator("[data-rule=length]"), page.locator("[data-rule=match]")
    page.get_by_role("button", name="Show password").nth(1).click()
    page.fill("#password", "seven otter")
    expect(long).not_to_contain_class("is-met")
    page.fill("#password", "seven otters")
    expect(long).to_contain_class("is-met")
    expect(match).not_to_contain_class("is-met")
    page.fill("#again", "seven otters")
    expect(match).to_contain_class("is-met")
    shot(page, "password_new")
