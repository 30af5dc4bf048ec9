"""A real Chromium against the real server, with and without JavaScript."""

import dataclasses
import os
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from werkzeug.serving import make_server

from app import factory
from app.jobs import worker
from app.web.context import Machines
from tests.conftest import settings_for

CHROMIUM = next((path for path in ("chromium", "chromium-browser", "google-chrome") if shutil.which(path)), None)
ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
]  # fmt: skip
SHOTS = os.environ.get("CVMS_SHOTS")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed: install the package chromium to run the browser tests")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which(CHROMIUM), args=ARGUMENTS)
        yield browser
        browser.close()


@dataclasses.dataclass
class Running:
    """The running program: its address, its parts, and its worker at the press of a button."""

    url: str
    machines: Machines

    def work(self) -> None:
        """Run every job once, as the sweep does."""
        self.machines.queue.sweep()


@pytest.fixture
def running(tmp_path: Path, sqlite_template: Path) -> Iterator[Running]:
    shutil.copy(sqlite_template, tmp_path / "cvms.db")
    settings = settings_for(tmp_path, f"sqlite:///{tmp_path / 'cvms.db'}", CVMS_DEMO="1")
    machines = factory.make_machines(settings)
    app = factory.create_app(machines=machines)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    url = f"http://127.0.0.1:{server.server_port}"
    object.__setattr__(settings, "public_url", url)
    worker.add_jobs(machines.queue, settings, machines.database, machines.storage)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield Running(url, machines)
    server.shutdown()
    thread.join()
    server.server_close()
    machines.database.dispose()
    machines.queue.close()


@pytest.fixture(params=["with JavaScript", "without JavaScript"])
def browser_page(chromium: Any, request: pytest.FixtureRequest, running: Running) -> Iterator[Any]:
    """A tab of a fresh profile."""
    context = chromium.new_context(
        base_url=running.url, java_script_enabled=request.param == "with JavaScript",
        viewport={"width": 1280, "height": 900}, accept_downloads=True,
    )  # fmt: skip
    page = context.new_page()
    page.set_default_timeout(15_000)
    mistakes: list[str] = []
    page.on("console", lambda message: mistakes.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: mistakes.append(str(error)))
    page.mistakes = mistakes
    yield page
    context.close()


def shot(page: Any, name: str) -> None:
    """Keep a picture of the page where CVMS_SHOTS names a folder."""
    if SHOTS:
        Path(SHOTS).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=str(Path(SHOTS) / f"{name}.png"), full_page=True)


def assert_fits(page: Any, width: int) -> None:
    """Nothing on the page is wider than a screen of this many pixels."""
    page.set_viewport_size({"width": width, "height": 900})
    # A click returns when the next page has begun to arrive, which may be before it has any element to measure.
    page.wait_for_load_state()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
