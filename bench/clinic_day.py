"""A clinic day by keyboard: people in no list, from the search to the dose given, in a real Chromium on the real server.

Run: python -m bench clinic_day [number of people]. Nobody touches a mouse. A date counts as one field; the screening is
one tick and counts as none. The script types as fast as the pages allow: a person's time is told by the keys.
"""

import logging
import shutil
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from werkzeug.serving import make_server

from app import config, factory
from app.domain.eligibility.plans import install_plans
from app.domain.program.products import install_products
from app.infra import migrations
from app.web.context import Machines
from tests import make
from tests.browser.keyboard import Keyboard
from tests.make.inventory import lot as make_lot

NURSE = "clinic-day"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
]
FIRST_NAMES = ("Walter", "Ana", "Ruth", "Omar", "Grace", "Luis", "Ivy", "Hugo", "Nia", "Carl")
LAST_NAMES = ("Ingram", "Barnes", "Coleman", "Dorsey", "Easley", "Fuller", "Gaines", "Hodges", "Jarvis", "Kirby")
MOST_FIELDS = 8


class Timed:
    """A WSGI application that counts the seconds it works."""

    def __init__(self, app: Callable[..., Iterable[bytes]]) -> None:
        self.app = app
        self.seconds = 0.0
        self._lock = threading.Lock()

    def __call__(self, environ: dict[str, Any], start_response: Any) -> list[bytes]:
        started = time.perf_counter()
        answer = self.app(environ, start_response)
        try:
            return list(answer)
        finally:
            close = getattr(answer, "close", None)
            if close:
                close()
            with self._lock:
                self.seconds += time.perf_counter() - started


@dataclass(slots=True)
class WalkIn:
    """What one person took: fields that were typed or chosen, keys that were pressed, seconds, milliseconds of server."""

    fields: int
    keys: int
    seconds: float
    server_ms: float


def walk_in(page: Any, number: int) -> tuple[int, int]:
    """One person from the search to the search for the next: fields and keys."""
    desk = Keyboard(page)
    first, last = FIRST_NAMES[number % 10], LAST_NAMES[(number // 10 + number) % 10]
    desk.fill("last_name", last)
    for part, text in (("month", str(number % 12 + 1)), ("day", str(number % 28 + 1)), ("year", str(1940 + number))):
        desk.fill(f"birth_date-{part}", text)
    desk.fill("detail", first)
    desk.enter("Who was found")
    desk.enter("Walk-in")
    desk.fill("zip", "27601")
    desk.fill("gender", "F")
    desk.fill("ethnicity", "Not")
    desk.tick("races")
    desk.enter(f"Dose for {first} {last}")
    desk.tick("rest_is_no", counts=False)
    desk.tick("fact_sheet_given")
    if page.evaluate("document.querySelector('[name=lot]').value") == "":
        desk.fill("lot", "Pfizer")
    desk.reach("fact_sheet_given")
    desk.enter(f"Visit of {first} {last}")
    desk.enter("Clinic day")
    return len(set(desk.fields)), desk.keys


@contextmanager
def clinic(folder: Path) -> Iterator[tuple[str, str, Timed]]:
    """A clinic with two lots and a nurse, on a server of its own: its address, that of its clinic day, and the clock."""
    settings = config.load(
        {
            "CVMS_INSTANCE": str(folder), "CVMS_TESTING": "1", "SECRET_KEY": "bench" * 8,
            "DATABASE_URL": f"sqlite:///{folder / 'cvms.db'}",
        }
    )  # fmt: skip
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    machines = factory.make_machines(settings)
    migrations.upgrade(machines.database)
    path = _furnish(machines)
    timed = Timed(factory.create_app(machines=machines))
    server = make_server("127.0.0.1", 0, timed, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", path, timed
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
        machines.database.dispose()
        machines.queue.close()


def _furnish(machines: Machines) -> str:
    with machines.database.session(write=True) as session:
        install_products(session)
        install_plans(session)
        place = make.location(session)
        make.healthcare_provider(session, place, name=NURSE)
        make_lot(session, place, doses=1170)
        make_lot(session, place, product="moderna-10", doses=100)
        session.commit()
        return f"/provider/{place.id}/clinic"


def work(page: Any, count: int, timed: Timed) -> list[WalkIn]:
    """So many people one after the other, on the page of the clinic day."""
    found = []
    for number in range(count):
        started, before = time.perf_counter(), timed.seconds
        fields, keys = walk_in(page, number)
        seconds, server = time.perf_counter() - started, timed.seconds - before
        found.append(WalkIn(fields, keys, seconds, server * 1000))
        print(f"{number + 1:3}: {fields} fields, {keys} keys, {seconds:.2f} s, server {server * 1000:.0f} ms")
    return found


def measure(page: Any, url: str, path: str, timed: Timed, count: int) -> list[WalkIn]:
    """Sign in by keyboard as well, then work."""
    page.goto(f"{url}/account/sign-in/provider")
    desk = Keyboard(page)
    desk.fill("name", NURSE)
    desk.fill("password", make.PASSWORD)
    desk.press("Enter")
    page.wait_for_url("**/provider/**")
    page.goto(url + path)
    return work(page, count, timed)


def main(count: int = 20) -> dict[str, Any]:
    """Medians over all people; the first of the day also chooses the lot."""
    from playwright.sync_api import sync_playwright

    program = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    if program is None:
        raise SystemExit("Chromium is not installed")
    with TemporaryDirectory() as folder, clinic(Path(folder)) as (url, path, timed), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
        found = measure(browser.new_page(), url, path, timed, count)
        browser.close()
    return {
        "typed_fields_per_walk_in": median(one.fields for one in found),
        "keys_per_walk_in": median(one.keys for one in found),
        "seconds_per_walk_in": round(median(one.seconds for one in found), 2),
        "server_ms": round(median(one.server_ms for one in found)),
        "fields_of_the_first": found[0].fields,
        "walk_ins": len(found),
    }
