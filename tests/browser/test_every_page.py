"""What holds for every page that somebody can open: one walk over all routes of all portals, looked at from several sides."""

import os
import re
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from tests import identity_provider, wire
from tests.conftest import settings_for
from tests.everywhere import Seen, Walk
from tests.make.everything import METRICS_TOKEN

LONG = bool(os.environ.get("CVMS_LONG"))
STATIC = Path(__file__).parents[2] / "app" / "static"
AXE = Path(__file__).parents[1] / "verifier" / "node_modules" / "axe-core" / "axe.min.js"
AXE_TELLS = """axe.run(document, {resultTypes: ["violations"]}).then((told) => told.violations.map(
  (one) => [one.id, one.nodes[0].html, one.nodes[0].failureSummary]))"""
OFTEN = (
    "front/home.html", "account/sign_in.html", "enrollment/_step.html", "provider/recipients/list.html",
    "provider/clinic/dose.html", "recipient/record.html", "recipient/proof.html", "state/notices/notice.html",
    "front/figures/state.html", "helpdesk/desk/case.html",
)  # fmt: skip
RECORDS = {
    *("provider.recipient_page", "provider.visit_page", "provider.dose_record", "provider.lot_page", "provider.inventory"),
    *("provider.stock_history", "provider.upload", "provider.transfer_page", "provider.organization", "recipient.record"),
    *("recipient.access", "recipient.registration_review", "organization.upload", "enrollment.overview", "state.enrollment"),
    *("enrollment.section_b_review", "state.person", "state.access_log", "state.figures"),
    *("state.figure_page", "helpdesk.case_at_desk", "helpdesk.my_case"),
}
HEARD_ON_PAPER = {"recipient.record", "provider.lot_page", "state.figure_page"}
# What stands on paper and should not, or should and does not.
ON_PAPER = """() => {
  const there = (what) => [...document.querySelectorAll(what)].filter((one) => one.checkVisibility());
  const wide = there("main *").filter((one) => one.getBoundingClientRect().right > innerWidth + 1);
  const acts = there("button, .usa-button, header, nav, footer, .skip, .banner, .trouble, .search, .pager, .row-act, "
    + "main > [role=status], input[type=file], main:has(table) form");
  const lost = ["main h1", ".printed"].filter((what) => !there(what).length);
  return [...[...acts, ...wide.slice(0, 2)].map((one) => one.outerHTML.slice(0, 120)), ...lost];
}"""
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
def test_a_link_in_a_mail_opens_on_any_telephone_or_is_kept_through_the_sign_in(walk, app):
    walk.worlds.put_back(walk.world)
    kept = 0
    for link in walk.known.links:
        response = app.test_client().get(link)
        while response.status_code == 303 and "/sign-in/" not in response.location:
            response = app.test_client().get(response.location)
        if response.status_code == 303:
            assert parse_qs(urlsplit(response.location).query)["next"] == [link]
            kept += 1
        else:
            assert response.status_code in {200, 404}, link  # 404 says in words that the link was used
    assert kept


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
    found = {}
    for name, tab in shown(chromium, chosen, reduced_motion="reduce"):
        tab.add_script_tag(path=str(AXE))
        found[name] = tab.evaluate(AXE_TELLS)
    assert {name: told for name, told in found.items() if told} == {}


@pytest.mark.once
def test_a_record_on_paper_is_whole_and_nothing_but_the_record(walk, chromium):
    """Its head says of which program and day it is, and that it is a demonstration's. What only the screen needs is gone,
    no table is cut, and axe has nothing to say against what a reader of the file hears."""
    pages = {page.endpoint: page for page in walk.seen if page.endpoint in RECORDS and not page.fragment}
    assert pages.keys() == RECORDS
    found = {}
    for name, tab in shown(chromium, pages, viewport={"width": 690, "height": 900}):
        tab.emulate_media(media="print")
        found[name] = tab.evaluate(ON_PAPER)
        assert "\n" in tab.inner_text("main").strip(), f"{name} is nothing but its heading"
        head = tab.inner_text(".printed")
        for words in ("North Carolina", "printed on Mar 10, 2021", "demonstration with invented people"):
            assert words in head, name
        if name in HEARD_ON_PAPER:
            tab.add_script_tag(path=str(AXE))
            found[name] += tab.evaluate(AXE_TELLS)
    assert {name: told for name, told in found.items() if told} == {}


@pytest.mark.once
def test_every_page_has_a_name_an_icon_and_a_colour_and_says_no_state_by_colour_alone(walk):
    for page in (page for page in walk.seen if not page.fragment):
        head, _, body = page.html.partition("</head>")
        for part in (r"<title>\s*[^\s–]", 'rel="icon"', '<meta name="theme-color" content="#', 'name="viewport"'):
            assert re.search(part, head), (page.url, part)
        assert not re.search(r'tabindex="[1-9]', body), page.url
        words = re.findall(r'class="usa-tag[^"]*">(?:<svg.*?</svg>)?([^<]*)<', body, re.DOTALL)
        assert all(word.strip() for word in words), page.url


def shown(chromium, pages: dict[str, Seen], **options):
    """Each page in a browser, as it was seen; (name, tab)."""
    context, now = chromium.new_context(bypass_csp=True, **options), {}
    tab = context.new_page()
    tab.route("**/*", lambda route: answer(route, now["page"]))
    for name, page in pages.items():
        now["page"] = page
        tab.goto(f"http://localhost{page.url.partition('#')[0]}", wait_until="load")
        yield name, tab
    context.close()


def answer(route, page: Seen) -> None:
    """The page as it was seen, and its style and scripts."""
    path = urlsplit(route.request.url).path
    if path.startswith("/static/"):
        route.fulfill(path=str(STATIC / path.split("/", 3)[3]))
    elif route.request.is_navigation_request():
        route.fulfill(body=page.html, content_type="text/html; charset=utf-8")
    else:
        route.abort()
