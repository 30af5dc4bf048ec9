"""What holds for every page that somebody can open: one walk over all routes of all portals, looked at from several sides."""

import os
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests import identity_provider, wire
from tests.conftest import settings_for
from tests.everywhere import Seen, Walk
from tests.make.everything import METRICS_TOKEN

LONG = bool(os.environ.get("CVMS_LONG"))
STATIC = Path(__file__).parents[2] / "app" / "static"
AXE = Path(__file__).parents[1] / "verifier" / "node_modules" / "axe-core" / "axe.min.js"
OFTEN = (
    "front/home.html", "account/sign_in.html", "enrollment/_step.html", "provider/recipients/list.html",
    "provider/clinic/dose.html", "recipient/record.html", "recipient/proof.html", "state/notices/notice.html",
    "front/figures/state.html", "helpdesk/desk/case.html",
)  # fmt: skip
_walked: list[Walk] = []


@pytest.fixture(scope="module")
def provider():
    """An outside identity provider on loopback."""
    with identity_provider.running() as running:
        yield running.issuer


@pytest.fixture
def settings(database_url, tmp_path, provider):
    """A demonstration with everything that can be set."""
    outside = {"OIDC_ISSUER": provider, "OIDC_CLIENT_ID": identity_provider.CLIENT, "OIDC_CLIENT_SECRET": identity_provider.SECRET}
    others = {"CVMS_DEMO": "1", "METRICS_TOKEN": METRICS_TOKEN, "HELP_ADDRESS": "help@cvms.test"}
    return settings_for(tmp_path, database_url, **outside, **others)


@pytest.fixture
def walk(request, database_kind) -> Walk:
    """The pages, opened once for all tests of this file."""
    if not _walked:
        parts = [request.getfixturevalue(name) for name in ("app", "site", "session", "storage", "now")]
        _walked.append(Walk(*parts[:4]).go())
    return _walked[0]


@pytest.mark.once
def test_every_page_of_every_portal_opens(walk):
    assert walk.not_opened == set()


@pytest.mark.once
def test_every_form_works_without_a_script(walk):
    """Sent as it stands empty, and filled in: it leads on, or comes back with what was typed and what is wrong.

    All that takes a form stands on a page, but for what the kiosk's service worker sends: people send it by `/kiosk/type`.
    """
    assert walk.wrong == []
    assert walk.dead == []
    assert walk.not_sent == {"kiosk.kept"}


@pytest.mark.once
def test_every_page_and_every_part_of_one_is_light(walk, site):
    heavy = {
        (page.endpoint, page.role): page.wire
        for page in walk.seen
        if page.wire > wire.allowed(page.html, fragment=page.fragment)
    }
    assert heavy == {}
    assert sum(page.fragment for page in walk.seen) > 20
    kept = {link for page in walk.seen for link in page.static}
    first = max(page.wire for page in walk.seen) + sum(kept_for_ever(site, link) for link in kept)
    assert len(kept) >= 4
    assert first <= wire.FIRST


def kept_for_ever(site, url: str) -> int:
    """The bytes of what a browser that was never here fetches beside the page."""
    with site.client.get(url, headers={"Accept-Encoding": "br"}) as response:
        assert response.status_code == 200
        assert response.headers["Cache-Control"] == "max-age=315360000, public, immutable"
        return wire.bytes_of(response)


@pytest.mark.once
def test_axe_finds_nothing_to_say_against_any_page(walk, chromium):
    """Each template once in the longer form, else those that people see most."""
    pages = {page.templates[-1]: page for page in walk.seen if page.templates and not page.fragment}
    chosen = pages if LONG else {name: pages[name] for name in OFTEN}
    context = chromium.new_context(bypass_csp=True, reduced_motion="reduce")
    tab = context.new_page()
    tab.route("**/*", lambda route: answer(route, chosen[tab_shows[0]]))
    tab_shows = [""]
    found = {}
    for name, page in chosen.items():
        tab_shows[0] = name
        tab.goto(f"http://localhost{page.url.partition('#')[0]}", wait_until="load")
        tab.add_script_tag(path=str(AXE))
        found[name] = tab.evaluate(
            "axe.run(document, {resultTypes: ['violations']}).then(told => told.violations.map("
            "one => [one.id, one.nodes[0].html, one.nodes[0].failureSummary]))"
        )
    context.close()
    assert {name: told for name, told in found.items() if told} == {}


def answer(route, page: Seen) -> None:
    """The page as it was seen, and its style and scripts."""
    path = urlsplit(route.request.url).path
    if path.startswith("/static/"):
        route.fulfill(path=str(STATIC / path.split("/", 3)[3]))
    elif route.request.is_navigation_request():
        route.fulfill(body=page.html, content_type="text/html; charset=utf-8")
    else:
        route.abort()
