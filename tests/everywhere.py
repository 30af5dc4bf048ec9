"""A walk over every page: each GET route of every portal, opened by everybody who may, at a place full of things."""

import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from sqlite3 import Connection
from typing import Any
from urllib.parse import urljoin, urlsplit

import brotli
from flask import Flask, template_rendered
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.exceptions import HTTPException
from werkzeug.routing import AnyConverter, IntegerConverter, Rule, UUIDConverter

from app.infra.storage import FolderStorage
from tests import make, wire
from tests.browserless import Site
from tests.every_form import Found, Worlds, browser_with, cookies_of, tries, wrong_with
from tests.make.everything import DOORS, Everything, Visitor, everything
from tests.markup import PageParts

_LINK = re.compile(r'(?:href|action|hx-get)="(/[^"#]*)"')
_FRAGMENT = re.compile(r'<(?:a|form|button|input|select)\b[^>]*\bhx-get="(/[^"#]*)"[^>]*>')
_STATIC = re.compile(r'(?:href|src)="(/static/[^"]+)"')
_ASKED = {"Accept-Encoding": "br"}
_LEAVES = ("/account/sign-out", "/static/")


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
    """Opens every page once, for the first role that may, follows the links to kinds of pages not yet seen, and then
    sends every form that it found, following where that leads."""

    def __init__(
        self, app: Flask, site: Site, session: Session, storage: FolderStorage, known: Everything | None = None
    ) -> None:  # fmt: skip
        self.app, self.site = app, site
        self.rendered: list[str] = []
        self.seen: list[Seen] = []
        self.opened: set[str] = set()
        self.urls: set[str] = set()
        self.dead: list[str] = []
        self.by_htmx: set[str] = set()
        self.forms: dict[Any, Found] = {}
        self.waiting_forms: deque[Found] = deque()
        self.wrong: list[str] = []
        self.known = known or everything(site, session, storage)
        session.commit()
        self.browsers = [(visitor, self._browser_of(visitor)) for visitor in self.known.visitors]
        path = app.extensions["cvms"].database.url.removeprefix("sqlite:///")
        self.worlds = Worlds(Path(path))
        self.world = self.worlds.keep()

    def go(self) -> "Walk":
        """Every role, then nobody; then every form."""
        with template_rendered.connected_to(self._note, self.app):
            for visitor, client in self.browsers:
                self._walk(visitor, client)
            while self.waiting_forms:
                self._send(self.waiting_forms.popleft())
        return self

    @property
    def not_opened(self) -> set[str]:
        """Endpoints with pages that the walk did not reach."""
        return self._endpoints("GET") - {kind.partition("?")[0] for kind in self.opened}

    @property
    def not_sent(self) -> set[str]:
        """Endpoints that take forms of which the walk found none."""
        return (
            self._endpoints("POST")
            - {found.endpoint for found in self.forms.values() if found.form.posts}
            - self.by_htmx
        )

    def _endpoints(self, method: str) -> set[str]:
        return {rule.endpoint for rule in self.app.url_map.iter_rules() if method in (rule.methods or ())}

    def _browser_of(self, visitor: Visitor) -> FlaskClient:
        if visitor.account is not None:
            return self.site.sign_in(visitor.account).client
        client = browser_with(self.app, visitor.cookies)
        if visitor.token:
            client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {visitor.token}"
        return client

    def _note(self, _app: Flask, template: Any, **_context: Any) -> None:
        self.rendered.append(template.name)

    def _walk(self, visitor: Visitor, client: FlaskClient) -> None:
        rules = (rule for rule in self.app.url_map.iter_rules() if "GET" in (rule.methods or ()))
        waiting = [
            *visitor.starts,
            *(self._url(rule) for rule in rules if rule.endpoint.split(".")[0] in visitor.tries),
        ]
        asked: set[str] = set()
        for number, url in enumerate(waiting):
            kind = self._kind(url)
            must = number < len(visitor.starts)
            if (kind in self.opened or kind.split(".")[0] not in visitor.portals) and not must:
                continue
            if url in asked or (url.startswith(_LEAVES) and not must):
                continue
            asked.add(url)
            waiting += self._look_at(client, visitor.role, kind, url)

    def _look_at(self, client: FlaskClient, role: str, kind: str, url: str) -> list[str]:
        """Open a page, note its forms and ask for its fragments; the addresses to which it leads."""
        self.rendered.clear()
        response = client.get(url, headers=_ASKED)
        if response.status_code in {302, 303} and kind in DOORS:
            self.opened.add(kind)
        if response.status_code == 303 and "/sign-in/" not in response.location:
            return [response.location] if response.location.startswith("/") else []
        if response.status_code != 200:
            return []
        self.opened.add(kind)
        self.urls.add(url)
        if response.mimetype != "text/html":
            response.close()
            return []
        page = self._seen(role, kind, url, response)
        self._forms_of(client, page)
        self._fragments(client, page)
        return [_plain(found) for found in _LINK.findall(page.html)]

    def _seen(self, role: str, kind: str, url: str, response: Any, *, fragment: bool = False) -> Seen:
        packed = response.headers.get("Content-Encoding") == "br"
        html = (brotli.decompress(response.data) if packed else response.data).decode()
        page = Seen(role, kind, url, html, wire.bytes_of(response), tuple(self.rendered), fragment)
        self.seen.append(page)
        return page

    def _fragments(self, client: FlaskClient, page: Seen) -> None:
        for found in _FRAGMENT.finditer(page.html):
            url = urljoin(page.url, _plain(found[1]))
            target = re.search(r'hx-target="#([^"]*)"', found[0])
            headers = {"HX-Request": "true", "HX-Request-Type": "partial", "HX-Target": target[1] if target else ""}
            response = client.get(url, headers=_ASKED | headers)
            if response.status_code == 200:
                self._seen(page.role, self._kind(url), url, response, fragment=True)

    def _forms_of(self, client: FlaskClient, page: Seen, world: Connection | None = None) -> None:
        for found in self._all_forms(client, page, world or self.world):
            if found.key not in self.forms:
                self.forms[found.key] = found
                # What a form led to is gone through at once: a kiosk waits for nobody.
                (self.waiting_forms.appendleft if world else self.waiting_forms.append)(found)

    def _all_forms(self, client: FlaskClient, page: Seen, world: Connection) -> Iterator[Found]:
        parts, cookies = PageParts(page.html), cookies_of(client)
        self.dead += [f"{page.endpoint}: {tag}" for tag in parts.dead]
        for form in parts.forms:
            if "hx-post" in form.attributes:
                self.by_htmx.add(self._kind(urljoin(page.url, form.attributes["hx-post"]), "POST"))
            for target in form.targets:
                kind = self._kind(urljoin(page.url, target), "POST" if form.posts else "GET")
                yield Found(page.role, page.url, kind.partition("?")[0], form, target, cookies, world)

    def _send(self, found: Found) -> None:
        for how, fields in tries(found.form, **self.known.typed):
            self._put_back(found.world)
            client, answer = found.send(self.app, fields)
            self.wrong += [
                f"{how} {found.endpoint} of {found.url} by {found.role}: {told}"
                for told in wrong_with(found, fields, answer)
            ]
            if not found.form.posts or how == "empty":
                continue
            if answer.status_code == 303:
                self._follow(found.role, client, [answer.location])
            elif answer.status_code == 200 and answer.mimetype == "text/html":
                page = Seen(found.role, found.endpoint, found.target, answer.get_data(as_text=True), 0, ())
                self._follow(found.role, client, self._taken_in(client, page))

    def _put_back(self, world: Connection) -> None:
        self.site.session.rollback()
        if self.worlds.put_back(world):
            self.app.extensions["cvms"].announcements.forget()

    def _taken_in(self, client: FlaskClient, page: Seen) -> list[str]:
        """The forms of a page that came of a form are sent in the world that it came of."""
        if any(found.key not in self.forms for found in self._all_forms(client, page, self.world)):
            self._forms_of(client, page, self.worlds.keep())
        return [_plain(found) for found in _LINK.findall(page.html)]

    def _follow(self, role: str, client: FlaskClient, waiting: list[str]) -> None:
        """Where a form led: pages of kinds that nobody saw yet."""
        for number, url in enumerate(waiting):
            kind, new = self._kind(url), url not in self.urls
            if not kind or url.startswith(_LEAVES) or not new or (number and kind in self.opened):
                continue
            response = client.get(url, headers=_ASKED)
            if response.status_code == 303 and response.location.startswith("/"):
                waiting.append(response.location)
            if response.status_code != 200:
                continue
            self.urls.add(url)
            self.opened.add(kind)
            if response.mimetype == "text/html":
                waiting += self._taken_in(client, self._seen(role, kind, url, response))

    def _kind(self, url: str, method: str = "GET") -> str:
        try:
            kind = str(self.app.url_map.bind("localhost").match(urlsplit(url).path, method=method)[0])
        except HTTPException:
            return ""
        shown = next((word for word in ("edit", "q") if f"{word}=" in url), "")
        return f"{kind}?{shown}" if shown else kind

    def _url(self, rule: Rule) -> str:
        built = rule.build({name: self.known.ids.get(name, _value_for(one)) for name, one in rule._converters.items()})
        return str(built[1])


def _value_for(converter: Any) -> Any:
    if isinstance(converter, AnyConverter):
        return sorted(converter.items)[0]
    if isinstance(converter, IntegerConverter):
        return 1
    return make.NOBODY if isinstance(converter, UUIDConverter) else "x"


def _plain(url: str) -> str:
    return url.replace("&amp;", "&")
