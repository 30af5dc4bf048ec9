"""What the clinic's pages do by themselves in a browser: the queue stays new, cautions follow the lot."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from app.infra import clock
from tests import make
from tests.make.inventory import lot as make_lot
from tests.make.vaccinations import ZONE, dose, someone
from tests.make.vaccinations import visit as make_visit

pytestmark = [pytest.mark.browser, pytest.mark.once]


@pytest.fixture
def session(running: Any) -> Iterator[Any]:
    with running.machines.database.session(write=True) as opened:
        yield opened


@pytest.fixture
def place(session: Any) -> Any:
    return make.location(session)


@pytest.fixture
def nurse(chromium: Any, running: Any, session: Any, place: Any) -> Iterator[Any]:
    """A tab with JavaScript in which a Healthcare Provider is signed in."""
    make.healthcare_provider(session, place, name="nora")
    page = chromium.new_page(base_url=running.url)
    page.goto("/account/sign-in/provider")
    page.fill("[name=name]", "nora")
    page.fill("[name=password]", make.PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_url("**/provider/**")
    yield page
    page.close()


def test_the_queue_shows_who_came_while_somebody_types_in_the_search(nurse, session, place):
    nurse.clock.install()
    nurse.goto(f"/provider/{place.id}/clinic")
    nurse.wait_for_selector("#queue:has-text('Nobody is waiting')")
    nurse.type("#last_name", "Lop")
    make_visit(session, place, screened=False)
    nurse.clock.fast_forward(11_000)
    nurse.wait_for_selector("#queue:has-text('Maria Lopez')")
    assert nurse.input_value("#last_name") == "Lop"
    assert nurse.evaluate("document.activeElement.id") == "last_name"


def test_whoever_is_about_to_press_a_name_in_the_queue_stays_there_when_somebody_else_comes(nurse, session, place):
    make_visit(session, place, screened=False)
    nurse.goto(f"/provider/{place.id}/clinic")
    nurse.focus("#queue th a")
    make_visit(session, place, someone(session, place, first_name="Ana", last_name="Wood"), screened=False)
    nurse.wait_for_selector("#queue:has-text('Ana Wood')")
    nurse.wait_for_selector("#announcer:text-is('2 waiting')", state="attached")
    assert nurse.evaluate("document.activeElement.textContent") == "Maria Lopez"


def test_cautions_follow_the_lot_and_a_reason_that_was_typed_stays(nurse, session, place):
    patient = someone(session, place)
    a_year_ago = clock.now() - timedelta(days=365)
    stock = make_lot(session, place, received_on=clock.local_date(a_year_ago, ZONE))
    other = make_lot(session, place, product="moderna-10")
    dose(session, place, patient, stock, given_at=a_year_ago)
    coming = make_visit(session, place, patient, sick_today="yes")
    nurse.goto(f"/provider/{place.id}/clinic/visits/{coming.id}/dose")
    nurse.fill("#reason_defer", "Hay fever")
    nurse.focus("#lot")
    nurse.select_option("#lot", str(other.id))
    nurse.wait_for_selector("#cautions:has-text('Another vaccine than before')")
    nurse.wait_for_selector("#announcer:has-text('2 things speak against this lot')", state="attached")
    assert nurse.input_value("#reason_defer") == "Hay fever"
    assert nurse.evaluate("document.activeElement.id") == "lot"
    nurse.select_option("#lot", str(stock.id))
    nurse.wait_for_selector("#cautions:not(:has-text('Another vaccine'))")
    nurse.click("label[for=fact_sheet_given]")
    nurse.click("main button[type=submit]")
    nurse.wait_for_selector("h1:has-text('Visit of Maria Lopez')")
    assert "Hay fever" in nurse.inner_text("main")
