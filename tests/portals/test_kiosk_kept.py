"""What a kiosk kept while the line was down comes once, without anybody before the screen."""

import pytest
from sqlalchemy import func, select

from app.domain.vaccinations.kiosk.models import DeskCall
from app.domain.vaccinations.models import Visit
from tests import make
from tests.browserless import text_of
from tests.make.kiosks import kiosk, screen
from tests.make.vaccinations import someone

MARIA = {"last_name": "Lopez", "birth_date-month": "4", "birth_date-day": "28", "birth_date-year": "1950", "detail": "0100"}


@pytest.fixture
def door(site, session, now):
    place = make.location(session)
    someone(session, None, phone="9195550100")
    return screen(site, kiosk(session, place)[1])


def send(door, key, **told):
    """As the service worker does: first the token, then what was kept."""
    token = door.get("/kiosk/kept").get_data(as_text=True)
    return door.client.post("/kiosk/kept", data={"csrf_token": token, "request_key": key, "age": "60"} | told)


def counts(session):
    session.rollback()
    return session.scalar(select(func.count(Visit.id))), session.scalar(select(func.count(DeskCall.id)))


def test_a_kept_check_in_is_taken_once_however_often_it_is_sent(door, session):
    for _ in range(3):
        assert send(door, "k1", **MARIA).status_code == 303
    assert counts(session) == (1, 0)
    send(door, "k2", **MARIA)
    assert counts(session) == (1, 0), "the same person is there already"


def test_whoever_is_not_found_afterwards_is_a_number_at_the_desk_once(door, session):
    for _ in range(2):
        send(door, "k1", **MARIA | {"detail": "9999"})
    send(door, "k2", code="https://example.org/menu")
    assert counts(session) == (0, 2)


def test_yesterdays_check_in_opens_no_visit_today(door, session):
    assert send(door, "k1", **MARIA | {"age": "86400"}).status_code == 303
    assert counts(session) == (0, 0)


def test_nothing_is_taken_from_another_site(door, session):
    page = door.open("/kiosk/kept", method="POST", data=MARIA | {"age": "1", "request_key": "k"}, expect=409)
    assert text_of(page, "h1") == "Please see the desk."
    assert counts(session) == (0, 0)


def test_the_pages_that_are_kept_speak_both_languages_and_ask_the_same(door):
    page = door.open("/kiosk/away?lang=es")
    assert page.html["lang"] == "es"
    assert page.select_one("form")["action"] == "/kiosk/away?lang=es"
    assert "Tome asiento" in text_of(door.open("/kiosk/away/thanks?lang=es"))
    asked = door.submit(door.open("/kiosk/away"), "main form", **{name.replace("-", "__"): told for name, told in MARIA.items()})
    assert text_of(asked, "h1") == "Are you Maria L.?"
