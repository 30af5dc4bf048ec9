"""A client that counts what comes over the wire, and the two help desks as a requester and an agent use them."""

import gzip
import http.client
import json
import os
import re
import zlib
from html import unescape
from urllib.parse import quote, urlencode, urljoin, urlsplit

from bs4 import BeautifulSoup

from bench.helpdesk_cases import ASKED, Facts, put

PASSWORD = "Spring2021-doses"
_FONTS = re.compile(rb"@font-face\s*\{[^}]*\}")
_URL = re.compile(rb"url\(\s*[\"']?([^\"')]+)[\"']?\s*\)")


def fill_ours(cases: int) -> None:
    """So many cases and an agent of every team, in the database that the environment names."""
    from app import config, factory
    from app.domain.accounts.access import Role
    from app.domain.helpdesk.desk import install_help_desk
    from app.infra import crypto, migrations
    from app.infra.clock import now
    from app.infra.queue import beat
    from tests.make.accounts import account
    from tests.make.helpdesk import team

    settings = config.load(os.environ)
    crypto.configure(settings.encryption_keys)
    machines = factory.make_machines(settings)
    factory.import_models()
    migrations.upgrade(machines.database)
    beat(machines.database, "bench", now=now())
    with machines.database.session(write=True) as session:
        install_help_desk(session)
        put(session, cases)
        session.commit()
        account(session, Role.HELP_DESK_AGENT, team(session).id, realm="helpdesk", name="agent", email="agent@example.org")


class Client:
    """One browser: cookies, one connection, compressed answers. `source` is the address that it comes from."""

    def __init__(self, base: str, source: str = "127.0.0.1") -> None:
        parts = urlsplit(base)
        self.base, self.cookies, self.read = base, dict[str, str](), 0
        self.connection = http.client.HTTPConnection(
            parts.hostname or "", parts.port, timeout=60, source_address=(source, 0)
        )

    def ask(self, url: str, data: dict[str, str] | None = None, *, accept: str = "text/html") -> tuple[int, bytes, str]:
        """Status, the answer as it came without its compression, and where it leads. Counts its bytes in `read`."""
        headers = {"Accept-Encoding": "gzip, br", "Accept": accept, "Cookie": self._jar(), "Referer": self.base + url}
        body = None
        if data is not None:
            headers |= {"Content-Type": "application/x-www-form-urlencoded", "Origin": self.base}
            body = urlencode(data)
        self.connection.request("GET" if body is None else "POST", url, body, headers)
        answer = self.connection.getresponse()
        sent = answer.read()
        self.read += len(sent) + sum(len(name) + len(value) + 4 for name, value in answer.getheaders())
        for line in answer.headers.get_all("Set-Cookie") or ():
            name, _, value = line.partition(";")[0].partition("=")
            self.cookies[name] = value
        return answer.status, _plain(sent, answer.headers.get("Content-Encoding", "")), answer.headers.get("Location", "")

    def page(self, url: str) -> str:
        """A page that is there."""
        status, body, _where = self.ask(url)
        assert status == 200, f"{url}: {status}"
        return body.decode()

    def sign_in(self, url: str, names: dict[str, str]) -> None:
        """Fill in a sign-in form."""
        status, body, _where = self.ask(url, fields(self.page(url)) | names)
        assert status in {302, 303}, f"{url}: {status} {body[:300]!r}"

    def first_visit(self, url: str) -> int:
        """The bytes of a page and of all that its markup and its style sheets need, asked for without anything kept.

        Fonts of style sheets are counted in one format each, pictures of style sheets are not.
        """
        self.read = 0
        waiting, seen = _needed(self.page(url), url), set[str]()
        while waiting:
            one = waiting.pop()
            if one in seen or not one.startswith("/"):
                continue
            seen.add(one)
            status, body, _where = self.ask(one, accept="*/*")
            if status == 200 and urlsplit(one).path.endswith(".css"):
                waiting += _fonts(body, one)
        return self.read

    def _jar(self) -> str:
        return "; ".join(f"{name}={value}" for name, value in self.cookies.items())


class Ours:
    """Our help desk."""

    def __init__(self, base: str, facts: list[Facts]) -> None:
        self.base, self.facts, self.sent = base, facts, 0
        self.agent = Client(base)
        self.agent.sign_in("/account/sign-in/helpdesk", {"name": "agent", "password": PASSWORD})
        self.find = fields(self.agent.page("/help/desk/find"))
        self.change_guest()

    def form_bytes(self) -> int:
        """The form on a first visit."""
        return Client(self.base).first_visit("/help/recipient/request")

    def submit(self, number: int) -> None:
        """A request sent, until the page with its number is there."""
        assert "CS000" in self.guest.page(self.post(number))

    def post(self, number: int) -> str:
        """The same without that page; where it is."""
        typed = {
            "first_name": "Maria", "last_name": "Lopez", "email": f"maria.{self.sent}@example.org", "request_type": "proof",
            "description": ASKED, "request_key": f"bench-{self.sent}",
        }  # fmt: skip
        self.sent += 1
        status, body, where = self.guest.ask("/help/recipient/request", self.form | typed)
        assert status == 303, body[:2000]
        return where

    def queue(self, _number: int) -> None:
        """The agent's page."""
        assert self.agent.page("/help/desk?team=all&waits=all").count("/help/desk/cases/CS") >= 25

    def search(self, number: int) -> None:
        """What a caller says, as an agent types it."""
        typed, sought = _sought(self.facts, number)
        status, body, _where = self.agent.ask("/help/desk/find", self.find | {"typed": typed, "request_key": ""})
        assert status == 200
        assert sought in unescape(body.decode()), typed

    def change_guest(self) -> None:
        """Somebody new: one address may send twenty requests in a quarter of an hour."""
        self.guest = Client(self.base, f"127.0.2.{self.sent + 1}")
        self.form = fields(self.guest.page("/help/recipient/request"))


class Theirs:
    """django-helpdesk."""

    def __init__(self, base: str, facts: list[Facts]) -> None:
        self.base, self.facts = base, facts
        self.agent, self.guest = Client(base), Client(base)
        self.agent.sign_in("/login/", {"username": "agent", "password": PASSWORD})
        self.form = fields(self.guest.page("/tickets/submit/"))

    def form_bytes(self) -> int:
        """The form on a first visit."""
        return Client(self.base).first_visit("/tickets/submit/")

    def submit(self, number: int) -> None:
        """A request sent, until the page with its number is there."""
        assert "[provider-" in self.guest.page(self.post(number))

    def post(self, number: int) -> str:
        """The same without that page; where it is."""
        typed = {
            "queue": "1", "title": "Proof of vaccination, Maria Lopez", "body": ASKED, "priority": "3",
            "submitter_email": f"maria.{number}@example.org", "due_date": "",
        }  # fmt: skip
        status, body, where = self.guest.ask("/tickets/submit/", self.form | typed)
        assert status == 302, body[:2000]
        return where

    def queue(self, _number: int) -> None:
        """The agent's page and its rows."""
        assert len(self._rows(self.agent.page("/tickets/"))) == 25

    def search(self, number: int) -> None:
        """From the box at the top of each page: the page of results and its rows."""
        typed, sought = _sought(self.facts, number)
        rows = self._rows(self.agent.page(f"/tickets/?search_type=header&q={quote(typed)}"))
        assert any(sought in str(row) for row in rows), typed

    def _rows(self, page: str) -> list[object]:
        found = re.search(r"/datatables_ticket_list/[A-Za-z0-9+/=]+", page)
        assert found is not None
        asked = "draw=1&start=0&length=25&order%5B0%5D%5Bcolumn%5D=0&order%5B0%5D%5Bdir%5D=desc"
        status, body, _where = self.agent.ask(f"{found.group()}?{asked}", accept="application/json")
        assert status == 200, found.group()
        rows: list[object] = json.loads(body)["data"]
        return rows

    def change_guest(self) -> None:
        """Somebody new, for whom nothing is different here."""
        self.guest = Client(self.base)
        self.form = fields(self.guest.page("/tickets/submit/"))


def fields(page: str) -> dict[str, str]:
    """What a form holds before anything is typed: hidden fields and choices made for one."""
    forms = BeautifulSoup(page, "lxml").select("form[method=post i]")
    form = max(forms, key=lambda one: len(one.select("input, select, textarea")))
    return {str(one["name"]): str(one.get("value", "")) for one in form.select("input[type=hidden][name]")}


def _sought(facts: list[Facts], number: int) -> tuple[str, str]:
    """What is typed, and what one of the results must show: an address, a whole name, a part of an organization."""
    one = facts[-1 - (number * 37) % len(facts)]
    if number % 3 == 0:
        return one["email"], one["organization"]
    if number % 3 == 1:
        return f"{one['first']} {one['last']}", one["last"]
    return one["organization"], one["organization"]


def _needed(page: str, url: str) -> list[str]:
    soup = BeautifulSoup(page, "lxml")
    links = [
        str(one["href"]) for one in soup.select("link[rel][href]")
        if {"stylesheet", "icon", "preload", "manifest", "modulepreload"} & set(one["rel"])
    ]  # fmt: skip
    return [urljoin(url, one) for one in [*links, *(str(one["src"]) for one in soup.select("script[src], img[src]"))]]


def _fonts(sheet: bytes, url: str) -> list[str]:
    faces = [_URL.findall(face) for face in _FONTS.findall(sheet)]
    return [urljoin(url, sorted(found, key=lambda one: b"woff2" not in one)[0].decode()) for found in faces if found]


def _plain(sent: bytes, coding: str) -> bytes:
    if coding == "gzip":
        return gzip.decompress(sent)
    if coding == "deflate":
        return zlib.decompress(sent)
    if coding == "br":
        import brotli

        return bytes(brotli.decompress(sent))
    return sent
