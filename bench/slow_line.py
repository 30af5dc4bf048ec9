"""How long somebody on a poor line waits: 50 kbit/s with 2 seconds there and back, in a real Chromium on the real server.

Run: python -m bench slow_line. Usable means that the page's own fields and buttons are there, styled, with the scripts run. The
sign-in page is measured with nothing kept from before; every later page finds style and scripts kept, as a browser does.
"""

import re
import shutil
import time
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from bench.clinic_day import ARGUMENTS, BROWSERS
from bench.running import Running, demonstration
from bench.weight import Browser

BITS, LATENCY_MS = 50_000, 2_000
PATIENCE_MS = 60_000
_LINE = {
    "offline": False,
    "latency": LATENCY_MS,
    "downloadThroughput": BITS / 8,
    "uploadThroughput": BITS / 8,
}


class Somebody:
    """One person of the demonstration in a browser of their own, on the slow line."""

    def __init__(self, browser: Any, running: Running) -> None:
        context = browser.new_context(base_url=running.url)
        context.set_default_timeout(PATIENCE_MS)
        self.running = running
        self.page = context.new_page()
        line = context.new_cdp_session(self.page)
        line.send("Network.enable")
        line.send("Network.emulateNetworkConditions", _LINE)

    def timed(self, act: Callable[[], Any], shows: str) -> float:
        """Seconds from the act until what the selector names can be used."""
        started = time.perf_counter()
        act()
        self.page.locator(shows).first.wait_for(state="visible")
        self.page.wait_for_load_state("domcontentloaded")
        return time.perf_counter() - started

    def sign_in(self, role: str) -> tuple[float, float]:
        """Seconds until the page of sign-in is usable, first visit; and from its button to the first page inside."""
        user = next(one for one in self.running.users if one["role"] == role)
        first = self.timed(lambda: self.open(f"/account/sign-in/{user['portal']}"), "main button[type=submit]")
        self.page.fill("[name=name]", user["username"])
        self.page.fill("[name=password]", user["password"])
        return first, self.timed(lambda: self.press("main button[type=submit]"), "form[action*=sign-out]")

    def open(self, url: str) -> None:
        """Type an address."""
        self.page.goto(url, wait_until="commit")

    def press(self, what: str) -> None:
        """A link or a button."""
        self.page.locator(what).first.click(no_wait_after=True)


def measure(browser: Any, running: Running) -> dict[str, float]:
    """Seconds of each task."""
    found = {}
    first, last, born = _somebody_in_the_list(running)
    nurse = Somebody(browser, running)
    found["sign_in_page_first_visit"], found["sign_in"] = nurse.sign_in("Healthcare Provider")
    nurse.page.fill("[name=last_name]", last)
    for part, value in (("month", born.month), ("day", born.day), ("year", born.year)):
        nurse.page.fill(f"[name=birth_date-{part}]", str(value))
    nurse.page.fill("[name=detail]", first)
    found["find_at_the_door"] = nurse.timed(lambda: nurse.press("#find button[type=submit]"), ".results button")
    found["check_in"] = nurse.timed(lambda: nurse.press(".results button"), "main p:has-text('Born')")
    staff = Somebody(browser, running)
    staff.sign_in("State administrator")
    staff.open("/state/organizations")
    staff.page.wait_for_load_state("load")
    began = time.perf_counter()
    staff.page.locator("main input[type=search]").press_sequentially("har")
    staff.page.wait_for_url("**=har**", wait_until="commit")
    found["search_as_you_type"] = time.perf_counter() - began
    for role, link, name, shows in (
        ("Recipient, new", "/registration", "registration_step", "#step-form button[type=submit]"),
        ("Recipient, two doses", "/proof", "proof", "main form button"),
    ):
        recipient = Somebody(browser, running)
        recipient.sign_in(role)
        found[name] = recipient.timed(lambda one=recipient, to=link: one.press(f'main a[href$="{to}"]'), shows)
    return found


def _somebody_in_the_list(running: Running) -> tuple[str, str, date]:
    """First and last name and birth date of a person whom the nurse's location expects; asked on a fast line."""
    browser = Browser(running.url)
    inside = browser.sign_in(next(one for one in running.users if one["role"] == "Healthcare Provider"))
    clinic = browser.ask(inside)[1].removeprefix(running.url)
    page = browser.ask(clinic.removesuffix("clinic") + "recipients")[2]
    name, born = re.findall(
        r'data-label="Name"><a [^>]*>([^<]*)</a></th>\s*<td data-label="Date of birth">([^<]*)', page
    )[-1]
    first, _, last = name.partition(" ")
    return first, last, datetime.strptime(born, "%b %d, %Y").date()


def main() -> dict[str, Any]:
    """Measure the demonstration."""
    from playwright.sync_api import sync_playwright

    program = next(path for name in BROWSERS if (path := shutil.which(name)))
    with demonstration("weight") as running, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
        found = measure(browser, running)
        browser.close()
    for name, seconds in found.items():
        print(f"{seconds:6.1f} s  {name}")
    return {f"{name}_s": round(seconds, 1) for name, seconds in found.items()}
