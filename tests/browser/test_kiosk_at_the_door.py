"""The kiosk with its eyes: codes before the camera and under the scanner, both languages, and how soon the desk knows."""

import io
import shutil
import time
from base64 import b64decode
from statistics import median

import pytest
from PIL import Image, ImageOps
from sqlalchemy import select

from app.documents.access_codes.render import AccessSheet, render_sheet
from app.domain.providers.models import Location
from app.domain.vaccinations.models import Visit
from app.infra import clock
from tests import make
from tests.browser.conftest import ARGUMENTS, CHROMIUM, shot
from tests.browser.test_every_state import COVERED, LOST
from tests.browser.test_scan import film, wallet
from tests.documents.pdf_parts import codes_on, rasterised
from tests.make.kiosks import kiosk
from tests.make.vaccinations import someone

pytestmark = [pytest.mark.browser, pytest.mark.once]
__all__ = ["wallet"]
SMALLEST_TARGET = 64
SOON = 2.0
BORN = (("month", "4"), ("day", "28"), ("year", "1950"))


@pytest.fixture
def paired(running):
    """A clinic, and the token of the screen at its door."""
    with running.machines.database.session(write=True) as session:
        place = make.location(session)
        _made, token = kiosk(session, place)
        return place.id, token


def at_the_door(browser, running, token, **looks):
    """A tab that is the kiosk."""
    context = browser.new_context(base_url=running.url, **looks)
    context.add_cookies([{"name": "cvms_kiosk", "value": token, "url": f"{running.url}/kiosk"}])
    page = context.new_page()
    page.set_default_timeout(20_000)
    return page


def record_page_code(browser, running):
    """The square code of somebody's own record page, as a picture."""
    with running.machines.database.session(write=True) as session:
        maria = someone(session, None, first_name="María", last_name="Hernández-Ortiz")
        make.person(session, maria.id, name="maria")
        path = f"/recipient/{maria.id}"
    page = browser.new_context(base_url=running.url).new_page()
    page.goto("/account/sign-in/recipient")
    page.fill("[name=name]", "maria")
    page.fill("[name=password]", make.PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_url(f"**{path}")
    source = page.get_attribute(".app-code img", "src")
    shot(page, "record-with-code")
    page.context.close()
    return Image.open(io.BytesIO(b64decode(source.partition(",")[2]))).convert("L")


def sheet_code(running):
    """The square code for the door on the sheet that a clinic hands out."""
    with running.machines.database.session(write=True) as session:
        maria = someone(session, None, first_name="María", last_name="Hernández-Ortiz")
        sheet = AccessSheet(
            maria.full_name, "7H2KQ-9M4XW-T3RPD", maria.code, "http://cvms.test/account/recipient/code",
            clock.now().date(), "COVID-19", "North Carolina", "(877) 555-0143", "7 am – 7 pm", "en",
        )  # fmt: skip
    return [code.text for code in codes_on(rasterised(render_sheet(sheet), 150)) if "http" not in code.text]


def test_a_scanner_that_types_the_code_of_an_invitations_papers_finds_the_person(chromium, running, paired):
    """Of the own record page, as it is shown after an invitation was followed, and of the sheet for who has no e-mail."""
    on_page = codes_on(ImageOps.expand(record_page_code(chromium, running), 20, 255))
    page = at_the_door(chromium, running, paired[1])
    for text in (on_page[0].text, *sheet_code(running)):
        page.goto("/kiosk/scan")
        page.wait_for_function("document.activeElement.id === 'code'")
        page.keyboard.type(text)
        page.keyboard.press("Enter")
        page.wait_for_selector("h1:has-text('Are you María H.?')")
        assert "Hernández" not in page.inner_text("body")
        assert text not in page.url
    page.context.close()


@pytest.mark.long
@pytest.mark.parametrize("shown", ["proof", "health card", "record page"])
def test_a_code_before_the_camera_of_the_kiosk_finds_the_person(chromium, running, paired, wallet, tmp_path, shown):
    faces = {"proof": lambda: wallet[0], "health card": lambda: wallet[1]}
    picture = faces.get(shown, lambda: ImageOps.expand(record_page_code(chromium, running), 60, 255))()
    seen = f"--use-file-for-fake-video-capture={film(picture, tmp_path / 'film.y4m')}"
    camera = ["--use-fake-device-for-media-stream", seen]
    browser = chromium.browser_type.launch(executable_path=shutil.which(CHROMIUM), args=[*ARGUMENTS, *camera])
    page = at_the_door(browser, running, paired[1], permissions=["camera"])
    page.goto("/kiosk/scan")
    page.get_by_role("button", name="Scan with the camera").click()
    page.wait_for_selector("h1:has-text('Are you María H.?')")
    assert "Hernández" not in page.inner_text("body")
    assert page.locator("button[value=yes]").is_visible()
    browser.close()


@pytest.mark.long
def test_whoever_checks_in_stands_in_the_queue_within_two_seconds(chromium, running, paired):
    """From the touch of "Yes" on the one screen to the name on the other, as the two people see it."""
    place_id, token = paired
    names = ("Lopez", "Wood", "Yates", "Stone", "Barker")
    with running.machines.database.session(write=True) as session:
        make.healthcare_provider(session, session.get_one(Location, place_id), name="nora")
        for name in names:
            someone(session, None, last_name=name, phone="9195550142")
    desk = chromium.new_page(base_url=running.url)
    desk.goto("/account/sign-in/provider")
    desk.fill("[name=name]", "nora")
    desk.fill("[name=password]", make.PASSWORD)
    desk.press("[name=password]", "Enter")
    desk.wait_for_selector("#queue")
    page, took = at_the_door(chromium, running, token), []
    for name in names:
        page.goto("/kiosk/type")
        for field, value in (("last_name", name), *BORN, ("detail", "0142")):
            page.fill(f"#{field}", value)
        page.click("main form button.big >> nth=0")
        page.wait_for_selector("text=Yes, that is me")
        begun = time.monotonic()
        page.click("text=Yes, that is me")
        desk.wait_for_selector(f"#queue:has-text('Maria {name}')")
        took.append(time.monotonic() - begun)
    desk.close()
    page.context.close()
    assert median(took) <= SOON


@pytest.mark.long
@pytest.mark.parametrize("language", ["en", "es"])
def test_every_step_is_large_whole_and_readable_on_every_screen(chromium, running, paired, language):
    """Targets of 64 pixels, on a telephone, at four times the size, and on a tablet that stands upright."""
    with running.machines.database.session(write=True) as session:
        someone(session, None, phone="9195550142")
    page = at_the_door(chromium, running, paired[1])
    for width, height in ((800, 1280), (320, 640), (320, 256)):
        page.set_viewport_size({"width": width, "height": height})
        page.goto(f"/kiosk/?lang={language}")
        look(page, f"{language}-{width}x{height}-1-welcome")
        page.goto(f"/kiosk/scan?lang={language}")
        look(page, f"{language}-{width}x{height}-2-scan")
        page.goto(f"/kiosk/type?lang={language}")
        look(page, f"{language}-{width}x{height}-3-type")
        for field, value in (("last_name", "Lopez"), *BORN, ("detail", "1")):
            page.fill(f"#{field}", value)
        page.click("main form button.big >> nth=0")
        page.wait_for_selector("[role=alert]")
        look(page, f"{language}-{width}x{height}-4-not-found")
        page.fill("#detail", "0142")
        page.click("main form button.big >> nth=0")
        page.wait_for_selector("button[value=yes]")
        look(page, f"{language}-{width}x{height}-5-confirm")
        page.click("button[value=yes]")
        page.wait_for_selector("main [role=status]")
        look(page, f"{language}-{width}x{height}-6-done")
    page.context.close()
    with running.machines.database.reading() as session:
        visit = session.scalars(select(Visit)).one()
    assert (visit.location_id, visit.status) == (paired[0], "arrived")


def look(page, name):
    """Nothing cut off, covered or too small for a hand that trembles."""
    shot(page, f"kiosk-{name}")
    small = page.evaluate(
        """(least) => [...document.querySelectorAll("a, button, input:not([type=hidden])")].filter((one) => {
          const { width, height } = one.getBoundingClientRect();
          return one.checkVisibility() && (height < least || width < (one.matches("input") ? 40 : least));
        }).map((one) => one.outerHTML)""",
        SMALLEST_TARGET,
    )
    assert page.evaluate(LOST) + page.evaluate(COVERED) + small == [], name
