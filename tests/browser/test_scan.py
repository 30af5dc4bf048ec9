"""A square code held in front of a real browser's camera: the link and the health card of a proof are checked at a tap."""

import shutil

import pytest
from PIL import Image

from app.documents.proofs.issued import proof_issuer, proof_renderer
from app.domain.vaccinations.issue_proof import WhichProof, issue_proof, issued_pdf
from app.infra import clock
from tests import make
from tests.browser.conftest import ARGUMENTS, CHROMIUM
from tests.documents.pdf_parts import rasterised
from tests.make.inventory import lot
from tests.make.vaccinations import dose, nurse_at, someone

pytestmark = [pytest.mark.browser, pytest.mark.once]
SIZE = (1280, 720)


@pytest.fixture
def wallet(running):
    """The faces of somebody's wallet card, as a camera sees them from near: the one with the link, the one with the card."""
    parts = running.machines
    with parts.database.session(write=True) as session:
        clinic = make.location(session)
        maria = someone(session, clinic, first_name="María", last_name="Hernández-Ortiz")
        for _ in range(2):
            dose(session, clinic, maria, lot(session, clinic))
        which, nurse = WhichProof(maria.id, clinic.id, "wallet"), nurse_at(clinic.id)
        issue_proof(
            session, nurse, which, storage=parts.storage, issuer=proof_issuer(parts.settings), now=clock.now(),
            render=proof_renderer(parts.settings, now=clock.now()),
        )  # fmt: skip
        session.commit()
        page = rasterised(issued_pdf(session, nurse, which, storage=parts.storage), 200)
    middle = page.height // 2
    return page.crop((0, 0, page.width, middle)), page.crop((0, middle, page.width, page.height))


def film(picture, path):
    """A picture as what the camera shows: grey, a little turned, on a table."""
    seen = Image.new("L", SIZE, 150)
    seen.paste(picture.convert("L").resize((picture.width * 690 // picture.height, 690)), (150, 15))
    seen = seen.rotate(4, Image.Resampling.BICUBIC, fillcolor=150)
    colour = bytes([128]) * (SIZE[0] * SIZE[1] // 2)
    head = f"YUV4MPEG2 W{SIZE[0]} H{SIZE[1]} F10:1 Ip A1:1 C420jpeg\n".encode()
    path.write_bytes(head + b"".join(b"FRAME\n" + seen.tobytes() + colour for _ in range(3)))
    return path


@pytest.fixture
def at_camera(chromium, running, tmp_path):
    """Open the page of checks in a browser whose camera shows a picture; None: a camera that is refused."""
    opened = []

    def look(picture):
        shown = [f"--use-file-for-fake-video-capture={film(picture, tmp_path / 'film.y4m')}"] if picture else []
        # Chromium offers no camera at all without a device, and denies it where nobody answers its question.
        fake = ["--use-fake-device-for-media-stream", *shown]
        browser = chromium.browser_type.launch(executable_path=shutil.which(CHROMIUM), args=[*ARGUMENTS, *fake])
        opened.append(browser)
        context = browser.new_context(base_url=running.url, permissions=["camera"] if picture else [])
        page = context.new_page()
        page.set_default_timeout(20_000)
        page.goto("/proof")
        return page

    yield look
    for browser in opened:
        browser.close()


def asked_for(page):
    """The addresses that the page fetches from now on."""
    urls = []
    page.on("request", lambda request: urls.append(request.url))
    return urls


@pytest.mark.parametrize(("face", "words"), [(0, "This proof is genuine"), (1, "This health card is genuine")])
def test_a_code_before_the_camera_is_read_here_and_checked(at_camera, wallet, face, words):
    page = at_camera(wallet[face])
    mistakes = []
    page.on("console", lambda told: mistakes.append(told.text) if told.type in ("error", "warning") else None)
    urls = asked_for(page)
    assert not page.evaluate("performance.getEntriesByType('resource').some((one) => one.name.includes('read-codes'))")
    page.get_by_role("button", name="Scan with the camera").click()
    page.get_by_role("heading", name=words).wait_for()
    assert mistakes == []
    assert any("read-codes.js" in url for url in urls)
    assert [url for url in urls if "/static/" not in url and "/proof" not in url] == []


def test_a_camera_that_is_refused_is_said_and_the_page_works_on(at_camera, wallet):
    page = at_camera(None)
    page.get_by_role("button", name="Scan with the camera").click()
    page.get_by_text("The camera cannot be used").wait_for()
    assert not page.locator("[data-scan-video]").is_visible()
    page.get_by_label("Code").fill("7H2KQ9M4XWT3RPD8VNB5CZ1Y6F")
    page.get_by_role("button", name="Check the proof").click()
    page.get_by_role("heading", name="We know no proof with this code").wait_for()
    assert "do not accept it" in page.inner_text("main")


def test_a_camera_is_stopped_and_nothing_was_sent(at_camera):
    page = at_camera(Image.new("L", (600, 600), 200))
    urls = asked_for(page)
    page.get_by_role("button", name="Scan with the camera").click()
    stop = page.get_by_role("button", name="Stop the camera")
    page.get_by_label("Camera picture").wait_for()
    assert stop.evaluate("(button) => button === document.activeElement")
    assert not page.locator("[data-scan-start]").is_visible()
    stop.click()
    assert page.evaluate("document.querySelector('[data-scan-video]').srcObject") is None
    start = page.get_by_role("button", name="Scan with the camera")
    assert start.evaluate("(button) => button === document.activeElement")
    assert [url for url in urls if "/static/" not in url] == []
