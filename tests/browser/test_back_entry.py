"""Ten people from paper with the keyboard alone, with and without JavaScript."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from app.domain.inventory.models import Lot
from app.domain.vaccinations.models import Administration
from app.infra import clock
from tests import make
from tests.browser.conftest import shot
from tests.make.inventory import lot as make_lot
from tests.make.vaccinations import ZONE, someone

pytestmark = [pytest.mark.browser, pytest.mark.once]

NAMES = ("Adams", "Baker", "Clark", "Davis", "Evans", "Flores", "Garcia", "Harris", "Ito", "Jones")
KNOWN, SICK = "Garcia", "Davis"


@pytest.fixture
def session(running: Any) -> Iterator[Any]:
    with running.machines.database.session(write=True) as opened:
        yield opened


@pytest.fixture
def place(session: Any) -> Any:
    return make.location(session)


@pytest.fixture
def clerk(browser_page: Any, session: Any, place: Any) -> Any:
    make.healthcare_provider(session, place, name="nora")
    browser_page.goto("/account/sign-in/provider")
    browser_page.fill("[name=name]", "nora")
    browser_page.fill("[name=password]", make.PASSWORD)
    browser_page.click("main button[type=submit]")
    browser_page.wait_for_url("**/provider/**")
    return browser_page


def lay_pile(page, place, stock, day):
    """Everything that holds for the pile, typed from the field in which the cursor stands."""
    page.goto(f"/provider/{place.id}/back-entry")
    page.focus("#given_on-month")
    for part in (day.month, day.day, day.year):
        page.keyboard.type(str(part))
        page.keyboard.press("Tab")
    page.keyboard.type(stock.product.manufacturer[:3])
    for _ in range(4):
        page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.type("10")
    page.keyboard.press("Enter")
    page.wait_for_selector("#last_name:focus")


def type_sheet(page, last_name, number, screening="A"):
    """A sheet, from the first field to Enter; the cursor was put there by the page."""
    assert page.evaluate("document.activeElement.id") == "last_name"
    for text in (last_name, "Jordan", f"0{number % 9 + 1}151960", screening, f"{9 + number // 6}{number % 6}0"):
        page.keyboard.type(text)
        if text != "":
            page.keyboard.press("Tab")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")


def test_ten_people_are_entered_from_paper_without_touching_the_mouse(clerk, session, place):
    stock = make_lot(session, place, doses=12)
    known = someone(session, first_name="Jordan", last_name=KNOWN, birth_date=date(1960, 7, 15), city="Raleigh")
    day = clock.local_date(clock.now(), ZONE) - timedelta(days=2)
    lay_pile(clerk, place, stock, day)
    for number, name in enumerate(NAMES):
        type_sheet(clerk, name, number)
        if name == KNOWN:
            clerk.wait_for_selector("input[name=who]:focus")
            shot(clerk, "back_entry_known")
            clerk.keyboard.press("Enter")
        clerk.wait_for_selector(f"#entered:has-text('{number + 1} of 10')")
    shot(clerk, "back_entry_done")
    assert "All counted sheets are entered" in clerk.inner_text("main")
    session.rollback()
    session.expire_all()
    given = session.scalars(select(Administration)).all()
    assert len(given) == 10
    assert {dose.given_on for dose in given} == {day}
    assert known.id in {dose.recipient_id for dose in given}
    assert session.get_one(Lot, stock.id).balance == 2
    assert clerk.mistakes == [message for message in clerk.mistakes if "422" in message], (
        "a question is answered with 422, and nothing else went wrong"
    )


def test_a_caution_is_answered_and_a_dose_undone_by_keyboard(clerk, session, place):
    stock = make_lot(session, place, doses=12)
    lay_pile(clerk, place, stock, clock.local_date(clock.now(), ZONE) - timedelta(days=2))
    type_sheet(clerk, SICK, 1, screening="N")
    clerk.wait_for_selector("#reason_not_screened:focus")
    shot(clerk, "back_entry_caution")
    clerk.keyboard.type("Asked aloud")
    clerk.keyboard.press("Enter")
    clerk.wait_for_selector("#entered:has-text('1 of 10')")
    clerk.focus("form[action$='/undo'] button")
    clerk.keyboard.press("Enter")
    clerk.wait_for_selector("#entered:has-text('0 of 10')")
    assert "Taken back" in clerk.inner_text("main")
    session.rollback()
    session.expire_all()
    assert session.get_one(Lot, stock.id).balance == 12
