"""Every form of the program, sent by everybody who may send it: without our token, and with somebody else's ids."""

import os
import sqlite3
from collections import Counter

import pytest
from itsdangerous import URLSafeTimedSerializer

from app.domain.accounts.access import PERMISSIONS, Role
from app.domain.recipients.models import Recipient
from app.web.portal import PUBLIC, SIGNED_IN
from tests import make
from tests.architecture.test_pages import ROOT, routes, url_for
from tests.make import helpdesk

pytestmark = pytest.mark.once
LONG = bool(os.environ.get("CVMS_LONG"))
MADE_BY_LOOKING = {"sign_in_session", "audit_entry", "attempt", "request_key", "help_watcher"}
"""Tables into which a page writes that somebody looked, tried, or is there: for whoever was refused as well."""


class Watch:
    """Whether anything else was written to the database since it was asked last."""

    def __init__(self, url):
        self._kept = sqlite3.connect(url.removeprefix("sqlite:///"))
        names = [name for (name,) in self._kept.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        self._tables = [name for name in names if name not in MADE_BY_LOOKING and "_text" not in name and "fts" not in name]
        self._version, self._rows = None, self._all()

    def _all(self):
        return {name: Counter(self._kept.execute(f'SELECT * FROM "{name}"')) for name in self._tables}

    def changed(self):
        """The tables that hold something else now. Nobody's commit means that nothing has to be read."""
        (version,) = self._kept.execute("PRAGMA data_version").fetchone()
        if version == self._version:
            return []
        self._version, before = version, self._rows
        self._rows = self._all()
        return [name for name in self._tables if self._rows[name] != before[name]]

    def close(self):
        self._kept.close()


@pytest.fixture
def watch(database_url):
    watching = []

    def begin():
        watching.append(Watch(database_url))
        return watching[-1]

    yield begin
    for one in watching:
        one.close()


def posts(app):
    return [(endpoint, rule, needs) for endpoint, rule, needs in routes(app) if "POST" in rule.methods]


def token_for(app, client, raw="0" * 40):
    """A token of ours, as any page would hold it for this browser."""
    with client.session_transaction() as cookie:
        cookie["csrf_token"] = raw
    return URLSafeTimedSerializer(app.secret_key, salt="wtf-csrf-token").dumps(raw)


def what_they_may(people):
    """The rights of each account somewhere, by its id."""
    return {
        account.id: {PUBLIC, SIGNED_IN}.union(*(PERMISSIONS[Role(grant.role)] for grant in account.grants))
        for account, _own in people
    }


def everybody(session, storage, world):
    """Who acts, with the ids of their own places: the people of the two worlds, and those of the help desk."""
    case = helpdesk.opened(session, storage)
    desk = [(helpdesk.agent(session, case.team.code, supervisor=True), {}), (helpdesk.requester(session), {})]
    return [*world.places, *desk], case.number


def test_a_form_without_our_token_or_with_another_browsers_changes_nothing(app, site, session, storage, watch, now):
    world = make.two_worlds(session)
    people, number = everybody(session, storage, world)
    foreign, rights = world.foreign_ids | {"number": number}, what_they_may(people)
    session.rollback()
    seen, refused = watch(), set()
    others = token_for(app, app.test_client(), "1" * 40)
    for account, own in people:
        site.sign_in(account)
        token_for(app, site.client)
        for endpoint, rule, needs in posts(app):
            scope = app.blueprints[endpoint.split(".")[0]].scope
            if endpoint in refused or needs not in rights[account.id] or (scope in rule.arguments and scope not in own):
                continue
            url = url_for(rule, foreign | own)
            for token in ("", others) if LONG else (others,):
                answer = site.client.post(url, data={"csrf_token": token, **_likely_fields()})
                assert answer.status_code in {303, 403, 404, 409, 422, 429}, f"{endpoint}: {answer.status_code}"
                if answer.status_code not in {409, 422}:
                    break
                refused.add(endpoint)
        assert seen.changed() == [], f"one of the forms of {account.first_name}"
    assert len(refused) > 120


def test_every_form_goes_through_the_one_place_that_asks_for_the_token(app):
    """Forms of things that these people do not have are not sent above; no view takes a POST past `Portal`."""
    for endpoint, _rule, _needs in posts(app):
        assert app.view_functions[endpoint].__qualname__.startswith("Portal._declare") or hasattr(
            app.view_functions[endpoint], "__wrapped__"
        ), endpoint
    without = [path for path in (ROOT / "app" / "portals").rglob("*.py") if "from_mail=True" in path.read_text()]
    assert [path.parent.name for path in without] == ["reminders"]


def test_a_form_with_our_token_for_something_of_somebody_else_is_not_found_and_changes_nothing(
    app, site, session, storage, watch, now
):
    world = make.two_worlds(session)
    people, number = everybody(session, storage, world)
    session.rollback()
    seen, tried, by_endpoint = watch(), 0, set()
    for account, own in people:
        site.sign_in(account)
        token = token_for(app, site.client)
        for endpoint, rule, needs in posts(app):
            scope = app.blueprints[endpoint.split(".")[0]].scope
            names = [name for name in rule.arguments if name in world.foreign_ids and name not in own]
            if needs == PUBLIC or not names or set(names) <= world.shared_nouns or scope not in own:
                continue
            url = url_for(rule, world.foreign_ids | {"number": number} | own)
            for filled in ({}, _likely_fields()):
                answer = site.client.post(url, data={"csrf_token": token, **filled})
                changed = seen.changed()
                assert changed == [], f"{endpoint} by {account.first_name}: {answer.status_code} {changed}"
                assert answer.status_code in {403, 404}, f"{endpoint} {url} by {account.first_name}: {answer.status_code}"
                tried += 1
                by_endpoint.add(endpoint)
    assert tried > 100
    assert session.get_one(Recipient, world.foreign_ids["recipient_id"]).merged_into_id is None


def _likely_fields():
    """What most forms ask for, so that a view that looks before it checks would get as far as to do it."""
    return {
        "name": "Maria", "first_name": "Maria", "last_name": "Moved", "reason": "waste", "because": "Why not", "doses": "1",
        "email": "maria@example.org", "phone": "9195550100", "given": "yes", "on": "no", "person": "same", "text": "Hello",
        "version": "1", "day-month": "3", "day-day": "10", "day-year": "2021", "confirmed": "y", "agreed": "y", "sure": "y",
        "relation": "parent", "role": "healthcare_provider", "decision": "same", "number": "EK1", "note": "Something",
    }  # fmt: skip
