"""Where the focus is when htmx has changed a part of the page: with the reader, never at the top."""

from collections.abc import Iterator
from typing import Any

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.once]

FOUND = '<ul class="results" id="found" data-announce="1 found"><li>Bluewater Seafood</li></ul>'
CLOSED = (
    '<dl id="details"><div class="row" id="pencil-city"><dd><a href="#main">Edit City</a></dd></div></dl>'
)


@pytest.fixture
def gallery(chromium: Any, running: Any) -> Iterator[Any]:
    """The gallery holds mistakes, a search box and an open pencil, but has no answers for htmx of its own."""
    page = chromium.new_page(base_url=running.url)
    page.goto("/components")
    yield page
    page.close()


def answer(page: Any, body: str) -> None:
    page.route(
        "**/components*",
        lambda route: (
            route.fulfill(body=body, content_type="text/html")
            if route.request.headers.get("hx-request")
            else route.continue_()
        ),
    )


def test_a_page_with_mistakes_begins_at_their_summary(gallery):
    assert gallery.evaluate("document.activeElement.matches('[data-error-summary]')")


def test_typing_in_a_search_box_is_not_interrupted_by_mistakes_elsewhere_on_the_page(gallery):
    answer(gallery, FOUND)
    gallery.fill("#search-q", "")
    gallery.type("#search-q", "blue")
    gallery.wait_for_selector("#found:has-text('Bluewater')")
    gallery.wait_for_selector("#announcer:has-text('1 found')", state="attached")
    assert gallery.evaluate("document.activeElement.id") == "search-q"


def test_a_cancelled_pencil_leaves_the_focus_on_its_row(gallery):
    answer(gallery, CLOSED)
    cancel = gallery.locator("#pencil-city .actions a")
    cancel.evaluate("link => link.href = '/components'")
    cancel.click()
    gallery.wait_for_selector("#pencil-city > dd > a:focus")
    assert gallery.inner_text(":focus") == "Edit City"
    assert gallery.locator("#pencil-city input").count() == 0


def test_a_refusal_during_a_search_is_a_page_and_a_lost_line_is_said(gallery):
    gallery.route("**/components?*", lambda route: route.abort())
    gallery.type("#search-q", "r")
    gallery.wait_for_selector("#trouble:visible")
    gallery.unroute("**/components?*")
    gallery.route(
        "**/components?*",
        lambda route: route.fulfill(
            status=500, content_type="text/html", body='<main class="bar" id="main"><h1>It broke</h1></main>'
        ),
    )
    gallery.type("#search-q", "i")
    gallery.wait_for_selector("h1:has-text('It broke')")
    assert gallery.locator("main").count() == 1
    assert not gallery.locator("#trouble").is_visible()


def test_whoever_is_asked_to_come_again_in_a_moment_keeps_the_page_and_is_told(gallery):
    busy = {"status": 503, "headers": {"Retry-After": "5"}, "content_type": "text/html", "body": "<h1>Many people are here</h1>"}
    gallery.route("**/components?*", lambda route: route.fulfill(**busy))
    gallery.type("#search-q", "r")
    gallery.wait_for_selector("#trouble:visible")
    assert gallery.input_value("#search-q") == "rblu"
    assert gallery.locator("h1", has_text="Many people are here").count() == 0
