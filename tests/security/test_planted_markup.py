"""What somebody plants in every text of the program and in every field of every form is text wherever it is read again."""

import os
from dataclasses import replace

import pytest
from flask import request, request_finished, template_rendered

from app.domain.accounts.access import Role
from app.domain.providers.models import Location
from app.jobs import worker  # noqa: F401 -- registers the composers, as the worker does
from app.jobs.deliver_mail import deliver_due
from tests import make
from tests.everywhere import Walk
from tests.filling import filled_in
from tests.make import helpdesk
from tests.make.begun import Visitor
from tests.make.everything import Everything
from tests.security.planting import MARK, RUN, SEEDS, dangers_of, dangers_of_page, plant

pytestmark = pytest.mark.once
LONG = bool(os.environ.get("CVMS_LONG"))
TYPED = {"text", "search", "textarea"}
ENDS = ("sign_out", "sign_out_everywhere", "close_user", "leave", "end_sessions")


def small_world(session, storage):
    """One of everything, and the roles that see most of it."""
    ids = dict(make.two_worlds(session).foreign_ids)
    ids["number"] = helpdesk.opened(session, storage).number
    clinic = session.get_one(Location, ids["location_id"])
    agent, asks = helpdesk.agent(session, supervisor=True), helpdesk.requester(session)
    enrolls = make.account(session, Role.ORGANIZATION_ADMINISTRATOR, ids["enrollment_id"], realm="enrollment")
    people = [
        ("manager", ("provider", "account"), make.manager(session, clinic)),
        ("contact", ("organization",), make.contact(session, ids["organization_id"])),
        ("recipient", ("recipient",), make.person(session, ids["recipient_id"], email="r@example.org")),
        ("administrator", ("state", "front"), make.administrator(session)),
        ("supervisor", ("helpdesk",), agent),
        ("requester", ("helpdesk",), asks),
        ("enrolling", ("enrollment",), enrolls),
    ]
    visitors = [Visitor(role, portals, who, tries=portals) for role, portals, who in people]
    anybody = ("front", "account", "enrollment", "helpdesk")
    return Everything([*visitors, Visitor("nobody", anybody, tries=anybody)], [], ids)


class Planted(Walk):
    """The walk, in which every answer is looked at, and every form is sent with seeds in all its fields."""

    def __init__(self, *parts, known=None):
        super().__init__(*parts, known)
        self.dangers, self.files, self.reflected, self.broken = [], set(), 0, []

    def look(self, _app, response, **_rest):
        kind = response.mimetype or ""
        self.files.add(kind)
        self.dangers += [f"{request.endpoint}: {one}" for one in dangers_of(response)]

    def go(self):
        with template_rendered.connected_to(self._note, self.app), request_finished.connected_to(self.look, self.app):
            for visitor, client in self.browsers:
                self._walk(visitor, client)
            for found in self.waiting_forms:
                if not found.endpoint.endswith(ENDS):
                    self.send_seeds(found)
        return self

    def send_seeds(self, found):
        """In the planted world, whatever the form before did."""
        self._put_back(found.world)
        fields = filled_in(found.form, **self.known.typed)
        fields |= {one.name: [SEEDS[1]] for one in found.form.controls if one.kind in TYPED and one.name}
        _client, answer = found.send(self.app, fields)
        if answer.status_code >= 500:
            self.broken.append(f"{found.endpoint} of {found.url}: {answer.status_code}")
        self.reflected += answer.status_code == 422 and "zq" in answer.get_data(as_text=True)


def test_nothing_planted_runs_on_any_page_in_any_file_or_mail(app, site, session, storage, machines, smtp, log_lines, now):
    walk = Planted(app, site, session, storage, known=None if LONG else small_world(session, storage))
    assert plant(session) == []
    walk.world = walk.worlds.keep()
    walk.go()
    assert walk.dangers == [], "\n".join(walk.dangers)
    assert walk.broken == [], "\n".join(walk.broken)
    shown = {page.endpoint for page in walk.seen if "zq" in page.html}
    assert len(shown) > 60, sorted(shown)
    assert walk.reflected > 25
    assert {"application/pdf", "text/csv", "text/html"} <= walk.files
    session.rollback()
    deliver_due(machines.database, replace(machines.settings, smtp_url=smtp.url))
    for mail in smtp.messages:
        assert "X-Planted" not in mail, mail["Subject"]
        assert mail.get_content_type() == "text/plain"
        assert RUN not in mail.get_content()
        assert not {"\u202e", "\r", "\n"} & {*str(mail["Subject"]), *str(mail["To"])}
    lines = log_lines()
    assert len(lines) > 300
    assert [line for line in lines if "zq" in line] == []


def test_the_eye_sees_what_runs():
    """The look over a page would find each seed, were it not escaped."""
    for seed in SEEDS:
        assert dangers_of_page(f'<p title="{seed}">{seed}</p>')
        safe = seed.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&#34;").replace("'", "&#39;")
        assert dangers_of_page(f'<p title="{safe}">{safe}</p>') == []
    assert dangers_of_page(f"<p>zq {RUN}</p>") == [RUN]
    assert dangers_of_page(f"<a href='javascript:zq()'>{MARK[:3]}</a>")
