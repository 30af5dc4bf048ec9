"""Every page in each state that a walk meets, with mistakes, open pencils and nothing to show: for eyes, hands and screen readers."""

import json
import re

import pytest
from sqlalchemy import update

from app.domain.accounts.models import Account
from app.web.languages import LANGUAGES
from tests.browser.states import Shown, States
from tests.browser.test_every_page import AXE, AXE_TELLS, ON_PAPER, Walk, provider, settings
from tests.make.notices import resting

pytestmark = [pytest.mark.browser, pytest.mark.once, pytest.mark.filterwarnings("ignore::DeprecationWarning")]
__all__ = ["provider", "settings"]
OPENED = "document.querySelectorAll('details').forEach((one) => (one.open = true))"
# What sticks out at the side, or is cut off, and nothing scrolls to it. A long value scrolls in its own field.
LOST = """() => {
  const lost = document.documentElement.scrollWidth > innerWidth ? ["the page scrolls sideways"] : [];
  const scrolls = (one) => one && (/auto|scroll/.test(getComputedStyle(one).overflowX) || scrolls(one.parentElement));
  for (const one of document.querySelectorAll("body :not(svg *, [aria-hidden=true] *)")) {
    if (!one.checkVisibility({ visibilityProperty: true, opacityProperty: true }) || one.offsetWidth < 2) continue;
    const said = [...one.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim());
    if (!said && !one.matches("input, select, textarea, button, img, video")) continue;
    const { left, right } = one.getBoundingClientRect();
    const { overflowX, overflowY } = getComputedStyle(one);
    const beyond = (right > innerWidth + 1 || left < -1) && !one.closest(".skip") && !scrolls(one.parentElement);
    const cutX = !one.matches("input") && /hidden|clip/.test(overflowX) && one.scrollWidth > one.clientWidth + 1;
    const cutY = /hidden|clip/.test(overflowY) && one.scrollHeight > one.clientHeight + 2;
    if (beyond || cutX || cutY) lost.push(one.outerHTML.slice(0, 160));
  }
  return lost;
}"""
# What lies under something else when it has the focus.
COVERED = """() => [...document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex]")].filter((one) => {
  if (one.tabIndex < 0 || one.disabled || !one.checkVisibility({ visibilityProperty: true })) return false;
  one.focus();
  if (document.activeElement !== one) return false;
  const [line] = one.getClientRects();
  const middle = (from, to, most) => (Math.max(from, 0) + Math.min(to, most)) / 2;
  const above = document.elementFromPoint(middle(line.left, line.right, innerWidth), middle(line.top, line.bottom, innerHeight));
  return !above || ![one, ...(one.labels || [])].some((own) => own.contains(above) || above.contains(own));
}).map((one) => one.outerHTML.slice(0, 160))"""
_states: list[States] = []


@pytest.fixture
def states(request, database_kind) -> States:
    """The pages, each state of each once."""
    if not _states:
        app, *parts = (request.getfixturevalue(name) for name in ("app", "site", "session", "storage", "now"))
        seen = States()
        with seen.watching(app):
            walk = Walk(app, *parts[:3]).go()
            in_spanish(walk)
            changed_meanwhile(walk)
            while_the_program_rests(walk)
        _states.append(seen)
    return _states[0]


def pages_of(walk, *portals):
    """The whole pages of these portals, each with the browser that saw it."""
    browsers = {visitor.role: client for visitor, client in walk.browsers}
    whole = (page for page in walk.seen if not page.fragment and page.role in browsers)
    return [(browsers[page.role], page) for page in whole if page.endpoint.split(".")[0] in portals]


def in_spanish(walk):
    """What recipients and the kiosk's people see, once more."""
    walk.worlds.put_back(walk.world)
    walk.site.session.execute(update(Account).values(language="es"))
    walk.site.session.commit()
    assert "es" in LANGUAGES
    for client, page in pages_of(walk, "front", "account", "recipient", "helpdesk", "kiosk"):
        address = page.url + ("&" if "?" in page.url else "?") + "lang=es" if page.endpoint.startswith("kiosk") else page.url
        client.get(address, headers={"Accept-Language": "es"})


def changed_meanwhile(walk):
    """Pencils and forms that began from what is no longer so, and a form whose session ended."""
    for client, page in pages_of(walk, "provider", "state"):
        if "?edit=" not in page.url:
            continue
        hidden = dict(re.findall(r'type="hidden" (?:id="[^"]*" )?name="(\w+)"[^>]* value="([^"]*)"', page.html))
        client.post(page.url, data=hidden | {"version": "0", page.url.partition("edit=")[2]: "Other"})
        client.post(page.url, data={"version": "0"})


def while_the_program_rests(walk):
    """Every portal's pages say so, and what was sent comes back to be kept."""
    resting(walk.site.session)
    walk.app.extensions["cvms"].announcements.forget()
    for client, page in pages_of(walk, "provider", "organization", "recipient", "helpdesk", "enrollment", "state", "kiosk"):
        if "csrf_token" in page.html:
            client.get(page.url)
            token = re.search(r'name="csrf_token"[^>]* value="([^"]+)"', page.html)
            client.post(page.url, data={"csrf_token": token[1] if token else "", "last_name": "Lopez"})


def tab_of(chromium, **looks):
    return chromium.new_context(bypass_csp=True, reduced_motion="reduce", **looks).new_page()


@pytest.mark.long
def test_axe_finds_nothing_to_say_against_any_state(states, chromium):
    """Also with every menu and every fold open."""
    tab, found = tab_of(chromium), {}
    shown = Shown(tab)
    assert len(states.pages) > 350
    assert sum("mistakes" in page.state for page in states.pages.values()) > 100
    for page in states.pages.values():
        shown.show(page)
        tab.evaluate(OPENED)
        tab.add_script_tag(path=str(AXE))
        found[str(page)] = tab.evaluate(AXE_TELLS)
    tab.context.close()
    assert {name: told for name, told in found.items() if told} == {}


@pytest.mark.long
def test_paper_holds_what_was_said_and_nothing_of_the_screen_in_any_state(states, chromium):
    """Banners, messages and what can be pressed stay behind, and axe has nothing to say. A kiosk is not printed."""
    tab, found = tab_of(chromium, viewport={"width": 690, "height": 900}), {}
    tab.emulate_media(media="print")
    shown = Shown(tab)
    for page in (page for page in states.pages.values() if not page.path.startswith("/kiosk")):
        shown.show(page)
        tab.add_script_tag(path=str(AXE))
        found[str(page)] = tab.evaluate(ON_PAPER) + tab.evaluate(AXE_TELLS)
    tab.context.close()
    assert {name: told for name, told in found.items() if told} == {}


@pytest.mark.long
def test_nothing_is_lost_on_a_small_telephone_or_at_four_times_the_size(states, chromium):
    """320 by 640, and 1280 by 1024 at 400 %, which is 320 by 256: no scrolling sideways, nothing cut off or covered."""
    tab, found = tab_of(chromium, viewport={"width": 320, "height": 640}), {}
    shown = Shown(tab)
    for page in states.pages.values():
        tab.set_viewport_size({"width": 320, "height": 640})
        shown.show(page)
        tab.evaluate(OPENED.replace("'details'", "'main details'"))
        lost = tab.evaluate(LOST)
        tab.set_viewport_size({"width": 320, "height": 256})
        found[str(page)] = lost + tab.evaluate(LOST) + tab.evaluate(COVERED)
    tab.context.close()
    assert {name: told for name, told in found.items() if told} == {}


def test_the_parts_of_which_pages_are_made_fit_at_four_times_the_size(chromium, running):
    """The short form: the gallery holds every part in its states. A page that is too wide is noticed."""
    tab = chromium.new_page(base_url=running.url, viewport={"width": 320, "height": 256})
    for path in ("/components", "/", "/account/sign-in/recipient", "/help/recipient/request", "/kiosk/pair"):
        tab.goto(path)
        assert json.dumps(tab.evaluate(LOST) + tab.evaluate(COVERED)) == "[]", path
    tab.evaluate("document.querySelector('h1').replaceChildren('wide'.repeat(200)), document.body.style.overflowWrap = 'normal'")
    assert "the page scrolls sideways" in tab.evaluate(LOST)
    tab.close()


@pytest.mark.long
def test_what_cannot_be_pressed_is_seen_where_colours_are_chosen(states, chromium):
    """In a contrast theme every button keeps a line around it, and the menu says by a line where one is."""
    tab, found = tab_of(chromium, forced_colors="active"), {}
    shown = Shown(tab)
    for page in states.pages.values():
        shown.show(page)
        found[str(page)] = tab.evaluate(
            """() => [...document.querySelectorAll("main .usa-button:not(.usa-button--plain), .kiosk button")].filter(
              (one) => one.checkVisibility() && parseFloat(getComputedStyle(one).borderTopWidth) < 1
            ).map((one) => one.outerHTML.slice(0, 160))"""
        )
    tab.context.close()
    assert {name: told for name, told in found.items() if told} == {}
