"""The kiosk in a real browser: the line is cut, the server is killed in the middle, and nobody is lost or doubled."""

import pytest
from sqlalchemy import select

from app.domain.vaccinations.kiosk.models import DeskCall
from app.domain.vaccinations.models import Visit
from tests import make
from tests.browser.conftest import shot
from tests.make.kiosks import kiosk
from tests.make.vaccinations import someone

CONTROLLED = """new Promise((done) => {
  const { serviceWorker } = navigator;
  serviceWorker.controller ? done() : serviceWorker.addEventListener("controllerchange", () => done());
})"""
pytestmark = [pytest.mark.browser, pytest.mark.once]


@pytest.fixture
def door(chromium, running):
    """The page of a paired screen, whose service worker is at work."""
    with running.machines.database.session(write=True) as session:
        place = make.location(session)
        for first, last, phone in (("Maria", "Lopez", "9195550100"), ("Ana", "Wood", "9195550177")):
            someone(session, None, first_name=first, last_name=last, phone=phone)
        _made, token = kiosk(session, place)
    context = chromium.new_context(base_url=running.url, viewport={"width": 1080, "height": 1920})
    context.add_cookies([{"name": "cvms_kiosk", "value": token, "url": f"{running.url}/kiosk"}])
    page = context.new_page()
    page.set_default_timeout(20_000)
    page.goto("/kiosk/")
    page.evaluate(CONTROLLED)
    yield page
    context.close()


def tell(page, last_name, detail):
    page.fill("#last_name", last_name)
    for name, value in (("month", "4"), ("day", "28"), ("year", "1950"), ("detail", detail)):
        page.fill(f"#{name}", value)
    page.click("main form button.big >> nth=0")


def people(running):
    with running.machines.database.reading() as session:
        return sorted(visit.recipient.first_name for visit in session.scalars(select(Visit)))


def test_check_ins_without_line_are_kept_and_sent_once(door, running):
    page, context = door, door.context
    page.goto("/kiosk/type")
    context.set_offline(True)
    tell(page, "Lopez", "0100")
    page.wait_for_selector("text=Thank you. We have your check-in.")
    assert "Lopez" not in page.content()
    page.click("text=Done")
    page.wait_for_selector("text=No line. You can check in all the same.")
    shot(page, "kiosk-without-line")
    page.click("text=Español")
    page.wait_for_selector("text=No hay conexión. De todos modos puede registrar su llegada.")
    tell(page, "Wood", "0177")
    page.wait_for_selector("text=Gracias. Guardamos su llegada.")
    page.wait_for_selector(".waits:text-is('Llegadas que esperan la conexión: 2')")
    assert people(running) == []
    told = page.evaluate(
        """async () => {
          const open = await new Promise((done) => { const o = indexedDB.open("kiosk", 1); o.onsuccess = () => done(o.result); });
          const all = (name) => new Promise((done) => {
            const asked = open.transaction(name).objectStore(name).getAll(); asked.onsuccess = () => done(asked.result);
          });
          const text = (await all("kept")).map(({ data }) => new TextDecoder().decode(data)).join();
          return [text.includes("Lopez"), (await all("keys"))[0].extractable];
        }"""
    )
    assert told == [False, False]
    context.set_offline(False)
    page.wait_for_selector(".waits[hidden]:not(:empty)", state="attached")
    assert people(running) == ["Ana", "Maria"]


def test_the_server_dies_in_the_middle_and_comes_back(door, running):
    """It took the check-in and died before it answered: what is sent again makes no second visit."""
    page = door
    page.goto("/kiosk/type")
    tell(page, "Lopez", "0100")
    page.wait_for_selector("text=Are you Maria L.?")

    def take_and_die(route):
        route.fetch(max_redirects=0)
        route.abort("connectionreset")

    page.context.route("**/kiosk/confirm", take_and_die)
    page.click("text=Yes, that is me")
    page.wait_for_selector("text=Thank you. We have your check-in.")
    assert people(running) == ["Maria"]
    page.context.unroute("**/kiosk/confirm")
    page.wait_for_selector(".waits[hidden]:not(:empty)", state="attached")
    assert people(running) == ["Maria"]
    with running.machines.database.reading() as session:
        assert session.scalars(select(DeskCall)).all() == []
