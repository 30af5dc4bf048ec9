"""A walk over every page: each GET route of every portal, opened by everybody who may, at a place full of things."""

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin, urlsplit

import brotli
from flask import Flask, template_rendered
from sqlalchemy.orm import Session
from werkzeug.exceptions import HTTPException
from werkzeug.routing import AnyConverter, IntegerConverter, Rule, UUIDConverter

from app.domain.accounts.access import Role
from app.domain.accounts.models import Account
from app.domain.providers.models import Location
from app.infra.storage import FolderStorage
from tests import make, wire
from tests.browserless import Site
from tests.make import helpdesk
from tests.make.accounts import account, administrator, contact, healthcare_provider, manager, person

_LINK = re.compile(r'(?:href|action|hx-get)="(/[^"#]*)"')
_FRAGMENT = re.compile(r'<(?:a|form|button|input|select)\b[^>]*\bhx-get="(/[^"#]*)"[^>]*>')
_STATIC = re.compile(r'(?:href|src)="(/static/[^"]+)"')
_FILES = re.compile(r"\.(pdf|xlsx|csv|json|jpg|txt)$")
_LEAVES = ("/account/sign-out", "/static/", "/demo/")


@dataclass(frozen=True)
class Seen:
    """A page as it came: who opened what, what was rendered for it, and how many bytes the wire carried."""

    role: str
    endpoint: str
    url: str
    html: str
    wire: int
    templates: tuple[str, ...]
    fragment: bool = False

    @property
    def static(self) -> list[str]:
        """The style, scripts and icons that a first visit fetches as well."""
        return _STATIC.findall(self.html.partition("</head>")[0])


class Walk:
    """Opens every page once, for the first role that may, and follows the links to kinds of pages not yet seen."""

    def __init__(self, app: Flask, site: Site, session: Session, storage: FolderStorage) -> None:
        self.app, self.site = app, site
        self.rendered: list[str] = []
        self.seen: list[Seen] = []
        self.opened: set[str] = set()
        world = make.two_worlds(session)
        self.ids: dict[str, Any] = dict(world.foreign_ids)
        self.people = _everybody(session, self.ids)
        case = helpdesk.opened(session, storage)
        self.ids["number"] = case.number
        session.commit()

    def go(self) -> "Walk":
        """Every role, then nobody."""
        with template_rendered.connected_to(self._note, self.app):
            for (role, portals), someone in self.people.items():
                self._walk(role, portals, self.site.sign_in(someone))
            self._walk("nobody", ("account", "front", "enrollment", "helpdesk"), self.site.anonymous())
        return self

    def _note(self, _app: Flask, template: Any, **_context: Any) -> None:
        self.rendered.append(template.name)

    def _walk(self, role: str, portals: tuple[str, ...], site: Site) -> None:
        rules = (rule for rule in self.app.url_map.iter_rules() if "GET" in (rule.methods or ()))
        waiting = [
            "/account/choose",
            *(
                self._url(rule)
                for rule in rules
                if rule.endpoint.split(".")[0] in portals and not _FILES.search(rule.rule)
            ),
        ]
        asked: set[str] = set()
        for url in waiting:
            kind = self._kind(url)
            if kind.split(".")[0] not in portals or kind in self.opened or url in asked or url.startswith(_LEAVES):
                continue
            asked.add(url)
            page = self._open(site, role, kind, url)
            if page is None:
                continue
            self.opened.add(kind)
            waiting += [_plain(found) for found in _LINK.findall(page.html) if not _FILES.search(found)]
            self._fragments(site, page)

    def _open(self, site: Site, role: str, kind: str, url: str, **headers: str) -> Seen | None:
        self.rendered.clear()
        response = site.client.get(url, headers={"Accept-Encoding": "br", **headers})
        if response.status_code != 200 or response.mimetype != "text/html":
            return None
        packed = response.headers.get("Content-Encoding") == "br"
        html = (brotli.decompress(response.data) if packed else response.data).decode()
        page = Seen(role, kind, url, html, wire.bytes_of(response), tuple(self.rendered), bool(headers))
        self.seen.append(page)
        return page

    def _fragments(self, site: Site, page: Seen) -> None:
        for found in _FRAGMENT.finditer(page.html):
            url = urljoin(page.url, _plain(found[1]))
            target = re.search(r'hx-target="#([^"]*)"', found[0])
            headers = {"HX-Request": "true", "HX-Request-Type": "partial", "HX-Target": target[1] if target else ""}
            self._open(site, page.role, self._kind(url), url, **headers)

    def _kind(self, url: str) -> str:
        try:
            return str(self.app.url_map.bind("localhost").match(urlsplit(url).path)[0])
        except HTTPException:
            return ""

    def _url(self, rule: Rule) -> str:
        built = rule.build({name: self.ids.get(name, _value_for(one)) for name, one in rule._converters.items()})
        return str(built[1])


def _everybody(session: Session, ids: dict[str, Any]) -> dict[tuple[str, tuple[str, ...]], Account]:
    """Roles with the portals that are theirs, the mightiest first."""
    clinic = session.get_one(Location, ids["location_id"])
    applied = ids["enrollment_id"]
    return {
        ("manager", ("provider", "account")): manager(session, clinic),
        ("healthcare provider", ("provider",)): healthcare_provider(session, clinic),
        ("contact", ("organization",)): contact(session, ids["organization_id"]),
        ("recipient", ("recipient",)): person(session, ids["recipient_id"]),
        ("organization administrator", ("enrollment",)): account(
            session, Role.ORGANIZATION_ADMINISTRATOR, applied, realm="enrollment"
        ),
        ("coordinator", ("enrollment",)): account(
            session, Role.VACCINE_COORDINATOR, ids["enrolled_location_id"], realm="enrollment"
        ),
        ("officer", ("enrollment",)): account(session, Role.OFFICER_CMO, applied, realm="enrollment"),
        ("administrator", ("state", "front", "helpdesk")): administrator(session),
        ("viewer", ("state",)): account(session, Role.STATE_VIEWER, realm="state"),
        ("privacy officer", ("state",)): account(session, Role.PRIVACY_OFFICER, realm="state"),
        ("supervisor", ("helpdesk",)): helpdesk.agent(session, supervisor=True),
        ("agent", ("helpdesk",)): helpdesk.agent(session),
        ("requester", ("helpdesk",)): helpdesk.requester(session),
    }


def _value_for(converter: Any) -> Any:
    if isinstance(converter, AnyConverter):
        return sorted(converter.items)[0]
    if isinstance(converter, IntegerConverter):
        return 1
    return make.NOBODY if isinstance(converter, UUIDConverter) else "x"


def _plain(url: str) -> str:
    return url.replace("&amp;", "&")
