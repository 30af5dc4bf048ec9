"""Who may open what: every route, every role, somebody else's ids."""

import subprocess
import sys
from pathlib import Path

import pytest
from werkzeug.routing import AnyConverter, IntegerConverter, UUIDConverter

from app.web.portal import PUBLIC, Portal
from tests import make

ROOT = Path(__file__).parents[2]

PUBLIC_PAGES = {
    "account.accept_invitation", "account.add_to_account", "account.check_your_email", "account.choose_language", "account.forgotten_password",
    "account.new_password", "account.renew_invitation", "account.sign_in", "account.sign_out",
    "account.access_code", "account.confirm_new_email", "account.confirm_registration", "account.find_user_name", "account.register",
    "account.registering_mail", "account.same_person", "account.user_name_mail",
    "account.outside_callback", "account.outside_sign_in", "account.second_factor_code", "account.set_up_second_factor",
    "enrollment.look_into_mail", "enrollment.register", "enrollment.start", "front.accessibility", "front.components",
    "front.demo_mails", "front.healthz", "front.home", "front.measured", "front.readyz", "front.privacy", "front.proof_page", "front.terms",
    "front.proof_check", "recipient.stop_reminders", "front.public_keys", "front.revoked_cards",
    "helpdesk.answer_linked_case", "helpdesk.do_linked_case", "helpdesk.home", "helpdesk.intake", "helpdesk.landing",
    "helpdesk.linked_case", "helpdesk.linked_file", "helpdesk.rate_linked_case", "helpdesk.register",
    "helpdesk.registered", "helpdesk.renew_link", "helpdesk.sent", "helpdesk.terms",
    "front.figures", "front.figures_by_county", "front.figures_by_group", "front.figures_file", "front.figures_of_county",
    "helpdesk.article", "helpdesk.articles", "helpdesk.judge", "helpdesk.suggest_articles",
    "kiosk.pair_page",
}  # fmt: skip


def portals(app):
    return [blueprint for blueprint in app.blueprints.values() if isinstance(blueprint, Portal)]


def routes(app):
    """(endpoint, url rule, needs) of every page."""
    needs = {f"{portal.name}.{name}": what for portal in portals(app) for name, what in portal.needs.items()}
    return [(rule.endpoint, rule, needs[rule.endpoint]) for rule in app.url_map.iter_rules() if rule.endpoint in needs]


@pytest.mark.once
def test_every_route_but_flasks_static_one_belongs_to_a_portal(app):
    named = {endpoint for endpoint, _, _ in routes(app)}
    assert {rule.endpoint for rule in app.url_map.iter_rules()} - named == {"static"}


@pytest.mark.once
def test_the_public_pages_are_these_and_no_others(app):
    assert {endpoint for endpoint, _, needs in routes(app) if needs == PUBLIC} == PUBLIC_PAGES


@pytest.mark.once
def test_imports_point_downwards():
    done = subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports_command; lint_imports_command()"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-3000:]


def value_for(converter):
    """Something that fits the rule and names nothing."""
    if isinstance(converter, AnyConverter):
        return sorted(converter.items)[0]
    if isinstance(converter, IntegerConverter):
        return 99
    return make.NOBODY if isinstance(converter, UUIDConverter) else "x"


def url_for(rule, ids):
    return rule.build({name: ids.get(name, value_for(converter)) for name, converter in rule._converters.items()})[1]


def private(app):
    return [(endpoint, rule) for endpoint, rule, needs in routes(app) if needs != PUBLIC]


def test_nobody_signed_in_is_sent_to_a_sign_in_page_from_every_private_page(app, site, now):
    for endpoint, rule in private(app):
        method = "GET" if "GET" in rule.methods else "POST"
        response = site.client.open(url_for(rule, {}), method=method)
        assert response.status_code in {303, 401}, endpoint
        assert b"<title>" in response.data or "sign-in" in response.location or response.location == "/", endpoint


def test_no_role_reaches_another_places_pages(app, site, session, now):
    """Everybody with every right at their own place meets 404 at every page of a foreign one."""
    world = make.two_worlds(session)
    for account in world.people:
        site.sign_in(account)
        for endpoint, rule in private(app):
            portal = app.blueprints[endpoint.split(".")[0]]
            if not portal.scope or portal.scope not in rule.arguments:
                continue
            for method in rule.methods & {"GET", "POST"}:
                response = site.client.open(url_for(rule, world.foreign_ids), method=method)
                assert response.status_code == 404, (
                    f"{endpoint} {method} by {account.first_name}: {response.status_code}"
                )


def test_a_foreign_thing_inside_ones_own_place_is_not_there(app, site, session, now):
    """Own place in the URL, somebody else's lot, upload, contact or visit behind it."""
    world = make.two_worlds(session)
    tried = 0
    for account, own in world.places:
        site.sign_in(account)
        for endpoint, rule in private(app):
            portal = app.blueprints[endpoint.split(".")[0]]
            others = [name for name in rule.arguments if name.endswith("_id") and name != portal.scope]
            if portal.scope not in own or portal.scope not in rule.arguments or not others:
                continue
            ids = world.foreign_ids | own
            for name in others:
                if name in world.shared_nouns:
                    continue
                tried += 1
                response = site.client.get(url_for(rule, ids)) if "GET" in rule.methods else None
                assert response is None or response.status_code in {403, 404}, f"{endpoint}: {response.status_code}"
    assert tried > 5


def test_every_menu_entry_of_every_role_opens(app, site, session, now):
    world = make.two_worlds(session)
    for account, _ in world.places:
        site.sign_in(account)
        page = site.open("/account/choose")
        seen, waiting = set(), [link["href"] for link in page.select("#places a")]
        while waiting:
            url = waiting.pop()
            if url in seen:
                continue
            seen.add(url)
            opened = site.open(url)
            waiting += [link["href"] for link in opened.select("header nav a[href]")]
        assert seen


def test_private_pages_are_kept_by_nobody(app, site, session, now):
    site.sign_in(make.administrator(session)).open("/state/")
    headers = site.response.headers
    assert headers["Cache-Control"] == "no-store"
    assert "script-src 'self'" in headers["Content-Security-Policy"]
    assert "unsafe" not in headers["Content-Security-Policy"]


@pytest.mark.once
def test_every_template_is_used_and_parses(app):
    folder = ROOT / "app" / "templates"
    code = "".join(path.read_text() for path in (ROOT / "app").rglob("*.py"))
    texts = {str(path.relative_to(folder)): path.read_text() for path in folder.rglob("*") if path.is_file()}
    everything = code + "".join(texts.values())
    for name, text in texts.items():
        if name.endswith(".html"):
            app.jinja_env.parse(text)
        short = name.rsplit("/", 1)[-1]
        assert name in everything or f'"{short}"' in everything or name.startswith(("errors/", "emails/")), name


@pytest.mark.once
def test_every_mail_template_is_used():
    code = "".join(path.read_text() for path in (ROOT / "app").rglob("*.py"))
    texts = "".join(path.read_text() for path in (ROOT / "app" / "templates" / "emails").iterdir())
    for path in (ROOT / "app" / "templates" / "emails").iterdir():
        composed = {path.stem.partition("_")[2], *path.stem.split("_")[1:2]}  # "reminder", or "officer" of officer_invited
        assert f"emails/{path.name}" in code + texts or any(f'"{name}"' in code for name in composed if name), path.name
