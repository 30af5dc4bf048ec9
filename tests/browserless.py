"""A browser without JavaScript that looks at every page it opens as a careful reader would."""

import re
from collections import Counter, defaultdict
from typing import Any
from urllib.parse import urljoin, urlsplit

from bs4 import BeautifulSoup, Tag
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.domain.accounts import sessions
from app.domain.accounts.models import Account
from app.infra import clock
from tests import wire


class Site:
    """Opens pages, fills forms, follows redirects, and lints whatever it sees."""

    def __init__(self, app: Flask, session: Session) -> None:
        self.app = app
        self.session = session
        self.client: FlaskClient = app.test_client()
        self.url = "/"
        self.status = 0
        self.response: TestResponse

    def sign_in(self, account: Account) -> "Site":
        """Sign in without the form, in a browser of its own."""
        token = sessions.start_session(self.session, account.id, device="test", now=clock.now())
        self.session.commit()
        self.client = self.app.test_client()
        with self.client.session_transaction() as cookie:
            cookie["_user_id"] = token
            cookie["_fresh"] = True
        return self

    def anonymous(self) -> "Site":
        """A browser that nobody signed in to."""
        self.client = self.app.test_client()
        return self

    def open(self, url: str, *, expect: int = 200, method: str = "GET", **arguments: Any) -> BeautifulSoup:
        """Open a page, following redirects of our own, and check how it ends."""
        self.session.rollback()
        response = self.client.open(url, method=method, **arguments)
        hops = 0
        while response.status_code in {301, 302, 303, 307} and hops < 6:
            url = urljoin(url, response.headers["Location"])
            assert urlsplit(url).netloc in {"", "localhost", "cvms.test"}, f"sent away to {url}"
            response = self.client.get(url)
            hops += 1
        self.url, self.status, self.response = url, response.status_code, response
        assert response.status_code == expect, f"{url}: {response.status_code}\n{_text(response)}"
        self.session.expire_all()
        if "html" not in response.headers.get("Content-Type", ""):
            return read_html("")
        html = response.get_data(as_text=True)
        weight, most = wire.bytes_of(response), wire.allowed(html)
        assert weight <= most, f"{url}: {weight} bytes on the wire, {most} are allowed"
        page = read_html(html)
        lint(page, url)
        return page

    def get(self, url: str, *, expect: int = 200) -> TestResponse:
        """A download."""
        self.session.rollback()
        response = self.client.get(url)
        assert response.status_code == expect, f"{url}: {response.status_code}\n{_text(response)}"
        return response

    def htmx(self, url: str, *, method: str = "GET", target: str = "", **arguments: Any) -> TestResponse:
        """Ask for a fragment as htmx 4 does."""
        self.session.rollback()
        headers = {"HX-Request": "true", "HX-Request-Type": "partial", "HX-Target": target}
        return self.client.open(url, method=method, headers=headers, **arguments)

    def submit(
        self, page: BeautifulSoup, selector: str = "main form[method=post]", *, expect: int = 200, press: str | None = None,
        **fields: Any,
    ) -> BeautifulSoup:  # fmt: skip
        """Fill the form that the selector finds and send it. `press` is the text of the button to press."""
        form = page.select_one(selector)
        assert form is not None, f"no form {selector} on {self.url}"
        data = form_data(form, press)
        for name, value in fields.items():
            key = name.replace("__", "-")
            assert key in _names(form), f"no field {key} in {selector}: {sorted(_names(form))}"
            data[key] = value
        action = urljoin(self.url, str(form.get("action") or self.url))
        if str(form.get("method", "get")).lower() == "get":
            return self.open(action, expect=expect, query_string=data)
        kind = "multipart/form-data" if form.get("enctype") == "multipart/form-data" else None
        return self.open(action, method="POST", data=data, expect=expect, content_type=kind)


def read_html(html: str) -> BeautifulSoup:
    """A page or a fragment. By lxml: html5lib, which mends as browsers do, took a seventh of the suite's time."""
    return BeautifulSoup(html, "lxml")


def form_data(form: Tag, press: str | None = None) -> dict[str, Any]:
    """What a browser would send for the form as it stands."""
    data: dict[str, Any] = {}
    for control in form.select("input, select, textarea"):
        name, kind = control.get("name"), control.get("type", "text")
        if not name or kind in {"submit", "button", "file"} or control.has_attr("disabled"):
            continue
        if kind in {"checkbox", "radio"}:
            if control.has_attr("checked"):
                value = control.get("value", "on")
                data[str(name)] = [*data.get(str(name), []), value] if kind == "checkbox" else value
        elif control.name == "select":
            chosen = control.select_one("option[selected]") or control.select_one("option")
            data[str(name)] = chosen.get("value", chosen.text) if chosen else ""
        elif control.name == "textarea":
            data[str(name)] = re.sub(r"\A\r?\n", "", control.text)  # a browser drops the line's end after the tag
        else:
            data[str(name)] = control.get("value", "")
    for button in form.select("button[name], input[type=submit][name]"):
        if press is not None and press in (button.get_text() or str(button.get("value", ""))):
            data[str(button["name"])] = button.get("value", "")
    if press is not None:
        texts = [
            button.get_text() or str(button.get("value", "")) for button in form.select("button, input[type=submit]")
        ]
        assert any(press in text for text in texts), f"no button {press!r}: {texts}"
    return data


def _names(form: Tag) -> set[str]:
    return {str(control["name"]) for control in form.select("[name]")}


def _text(response: TestResponse) -> str:
    page = read_html(response.get_data(as_text=True)[:200_000])
    main = page.select_one("main") or page
    return " ".join(main.get_text(" ").split())[:2000]


def lint(page: BeautifulSoup, url: str) -> None:
    """What must hold on every page: one heading, a title, unique ids, labels, actions, nothing inline."""
    where = f"on {url}"
    tags: dict[str, list[Tag]] = defaultdict(list)
    ids: Counter[str] = Counter()
    for tag in page.find_all(True):
        tags[tag.name].append(tag)
        ids.update([str(tag["id"])] if tag.has_attr("id") else [])
        inline = {"style", "onclick", "onchange", "onsubmit"} & tag.attrs.keys()
        assert not inline, f"something inline {where}: {str(tag)[:120]}"
        if tag.has_attr("hx-get") or tag.has_attr("hx-post"):
            works = tag.name in {"form", "a", "button"} or tag.find_parent("form") is not None
            assert works, f"htmx on something that does nothing by itself {where}: {tag.name}"
            assert tag.name != "a" or tag.get("href"), f"a dead link {where}"
    assert len(tags["h1"]) == 1, f"{len(tags['h1'])} h1 {where}"
    assert tags["title"], f"no title {where}"
    assert tags["title"][0].text.split(" – ")[0].strip(), f"no title {where}"
    doubled = {name for name, count in ids.items() if count > 1}
    assert not doubled, f"ids more than once {where}: {doubled}"
    _lint_fields(tags, where)
    _lint_forms(tags["form"], where)
    _lint_summary(page, list(ids), where)
    for script in tags["script"]:
        assert script.get("src"), f"an inline script {where}"
    for picture in tags["img"]:
        assert picture.has_attr("alt"), f"a picture without text {where}"
    for tag in (tag for name in ("td", "dd", "li", "p", "h1", "h2") for tag in tags[name]):
        said = " ".join(tag.get_text(" ").split())
        assert said not in {"None", "Undefined", "lazy_gettext"}, f"{said} shown {where}"


def _lint_fields(tags: dict[str, list[Tag]], where: str) -> None:
    labels = {label.get("for") for label in tags["label"]} - {None}
    for control in (*tags["input"], *tags["select"], *tags["textarea"]):
        if control.get("type") in {"hidden", "submit", "button"}:
            continue
        named = control.get("aria-label") or control.get("aria-labelledby") or control.get("id") in labels
        assert named or control.find_parent("label"), f"a field without label {where}: {control.get('name')}"


def _lint_forms(forms: list[Tag], where: str) -> None:
    for form in forms:
        assert form.get("method"), f"a form without method {where}"
        if str(form["method"]).lower() == "post":
            assert form.find(attrs={"name": "csrf_token"}), f"a form without token {where}: {form.get('action')}"
        button = form.find("button") or form.find("input", type="submit")
        assert button, f"a form without button {where}"


def _lint_summary(page: BeautifulSoup, ids: list[str], where: str) -> None:
    """Mistakes are listed in the order in which the fields stand, and each leads to its field."""
    for summary in page.select("[data-error-summary]"):
        led_to = [str(link["href"])[1:] for link in summary.select('a[href^="#"]')]
        lost = set(led_to) - set(ids)
        assert not lost, f"a mistake leads nowhere {where}: {lost}"
        assert led_to == sorted(led_to, key=ids.index), f"mistakes in another order than the fields {where}: {led_to}"


def text_of(page: BeautifulSoup, selector: str = "main") -> str:
    """The text that a person reads there, with single spaces."""
    found = page.select_one(selector)
    assert found is not None, f"nothing at {selector}"
    return " ".join(found.get_text(" ").split())
