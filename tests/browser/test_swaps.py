"""Every place where htmx changes a part of a page: the reader keeps the place, and hears what changed."""

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import TimeoutError as Timeout

from tests.browser.states import STATIC
from tests.browser.test_every_page import Walk, provider, settings

pytestmark = [
    pytest.mark.browser, pytest.mark.once, pytest.mark.long, pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:Exception ignored in:pytest.PytestUnraisableExceptionWarning"),
]  # fmt: skip
__all__ = ["provider", "settings"]
LEAST_KINDS = 15  # of pages with such places
COUNTED = """() => {
  Object.assign(window, { swaps: 0, ended: 0 });
  document.addEventListener("htmx:after:swap", () => window.swaps++);
  document.addEventListener("htmx:finally:request", () => window.ended++);
  return [...document.querySelectorAll("[hx-get], [hx-post]")].map((one, number) => {
    one.dataset.number = number;
    return [number, one.tagName, one.getAttribute("hx-target"), one.getAttribute("hx-trigger") || ""];
  });
}"""
# Swaps are none where nothing is new, or where another page came.
WELL = """() => document.readyState === "complete" && document.activeElement !== document.body && (
  !window.swaps || document.querySelector("#announcer").textContent === (document.querySelector("[data-announce]")?.dataset.announce ?? "")
)"""


class Visits(Walk):
    """Everybody opens every page, and sends nothing."""

    def go(self):
        for visitor, client in self.browsers:
            self._walk(visitor, client)
        return self


@pytest.fixture
def walk(app, site, session, storage, now, database_kind) -> Walk:
    """Pages that have been seen, in a world that still stands."""
    return Visits(app, site, session, storage).go()


class Wired:
    """A tab whose requests the program answers itself, as the one who saw the page."""

    def __init__(self, chromium):
        self.tab = chromium.new_context(bypass_csp=True, reduced_motion="reduce").new_page()
        self.tab.set_default_timeout(15_000)
        self.client = None
        self.tab.route("**/*", self._answer)

    def _answer(self, route):
        asked, url = route.request, urlsplit(route.request.url)
        if url.path.startswith("/static/"):
            return route.fulfill(path=str(STATIC / url.path.split("/", 3)[3]))
        told = {name: value for name, value in asked.headers.items() if name.startswith(("hx-", "content-type"))}
        address = url.path + (f"?{url.query}" if url.query else "")
        answer = self.client.open(address, method=asked.method, headers=told, data=asked.post_data_buffer)
        heads = {name: value for name, value in answer.headers.items() if name.lower() not in ("content-length", "set-cookie")}
        return route.fulfill(status=answer.status_code, headers=heads, body=answer.data)


def act(tab, number, tag, trigger):
    """Do what makes the place change: type, choose, press."""
    place = tab.locator(f"[data-number='{number}']")
    place.scroll_into_view_if_needed()
    if "from:#description" in trigger:
        tab.focus("#description")
        tab.keyboard.type("my proof is missing")
    elif tag == "INPUT":
        place.focus()
        tab.keyboard.type("a")
    elif tag == "SELECT":
        place.focus()
        tab.keyboard.press("ArrowDown")
    elif tag == "FORM":
        place.locator("[type=submit]").first.focus()
        tab.keyboard.press("Enter")
    else:
        place.focus()
        tab.keyboard.press("Enter")


def test_the_focus_is_never_lost_and_what_changed_is_said(walk, chromium):
    wired = Wired(chromium)
    tab, lost, kinds = wired.tab, [], set()
    browsers = {visitor.role: client for visitor, client in walk.browsers}
    for page in walk.seen:
        if page.fragment or page.endpoint in kinds or " hx-" not in page.html or page.role not in browsers:
            continue
        kinds.add(page.endpoint)
        wired.client = browsers[page.role]
        tab.goto(f"http://localhost{page.url}")
        for number, tag, target, trigger in tab.evaluate(COUNTED):
            tab.goto(f"http://localhost{page.url}")
            tab.evaluate(COUNTED)
            act(tab, number, tag, trigger)
            try:
                tab.wait_for_function("window.ended !== 0")
                tab.wait_for_function(WELL)
            except Timeout:
                lost.append(f"{page.endpoint}: {tag} to {target}")
    tab.context.close()
    assert lost == []
    assert len(kinds) > LEAST_KINDS
