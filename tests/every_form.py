"""Every form that a walk found, sent without a script: once as nobody has touched it, once with something plausible."""

import html
import re
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.filling import Sent, filled_in, left_empty, typed_texts
from tests.markup import FormFound

Cookies = tuple[tuple[str, str, str], ...]
_COOKIES = (("cvms", "/"), ("cvms_kiosk", "/kiosk"), ("cvms_turn", "/kiosk"))


class Worlds:
    """A SQLite database as it was at several moments, each of which can be had again."""

    def __init__(self, path: Path) -> None:
        self._now = sqlite3.connect(path)
        self._shown: sqlite3.Connection | None = None
        self._version = 0

    def keep(self) -> sqlite3.Connection:
        """All that is there now."""
        kept = sqlite3.connect(":memory:")
        self._now.backup(kept)
        return kept

    def put_back(self, kept: sqlite3.Connection) -> bool:
        """Everything as it was then; false where nobody has written since it was."""
        if kept is self._shown and self._version == self._written():
            return False
        kept.backup(self._now)
        self._shown, self._version = kept, self._written()
        return True

    def _written(self) -> int:
        return int(self._now.execute("PRAGMA data_version").fetchone()[0])

    def close(self) -> None:
        """Let the file go."""
        self._now.close()


@dataclass(frozen=True)
class Found:
    """A form, where it stood, and the browser that saw it there."""

    role: str
    url: str
    endpoint: str
    form: FormFound
    action: str
    cookies: Cookies
    world: sqlite3.Connection

    @property
    def key(self) -> tuple[str, frozenset[str]]:
        """Forms that send the same to the same place are one."""
        names = {one.name for one in (*self.form.controls, *self.form.buttons)}
        return self.endpoint, frozenset(names - {"csrf_token", "request_key", ""})

    @property
    def target(self) -> str:
        """Where it is sent."""
        return urljoin(self.url, self.action)

    def send(self, app: Flask, fields: Sent) -> tuple[FlaskClient, TestResponse]:
        """Press its button in a browser that has seen the page; the browser, and the answer."""
        client = browser_with(app, self.cookies)
        if not self.form.posts:
            address = urlsplit(self.target).path
            return client, client.get(address, query_string=fields)
        kind = self.form.attributes.get("enctype") or "application/x-www-form-urlencoded"
        return client, client.post(self.target, data=fields, content_type=kind)


def cookies_of(client: FlaskClient) -> Cookies:
    """What the browser holds."""
    held = ((name, path, client.get_cookie(name, path=path)) for name, path in _COOKIES)
    return tuple((name, path, cookie.value) for name, path, cookie in held if cookie is not None)


def browser_with(app: Flask, cookies: Cookies) -> FlaskClient:
    """Another browser that holds the same."""
    client = app.test_client()
    for name, path, value in cookies:
        client.set_cookie(name, value, path=path)
    return client


def wrong_with(found: Found, sent: Sent, answer: TestResponse) -> Iterator[str]:
    """Sentences about an answer that is neither a way on nor a page on which it can be mended."""
    status, text = answer.status_code, ""
    if status in {301, 302, 303}:
        return
    if answer.mimetype != "text/html":
        if status != 200:
            yield f"{status} {answer.mimetype}"
        return
    text = answer.get_data(as_text=True)
    if status not in {200, 409, 422, 429}:
        yield str(status)
        return
    if "<html" not in text:
        yield f"{status} a bare fragment"
    if status == 422:
        if "usa-error-message" not in text and "data-error-summary" not in text and 'role="alert"' not in text:
            yield "422 and no word why"
        shown = html.unescape(text)
        lost = [
            one for one in typed_texts(found.form, sent) if one.strip() and not {one, _digits(one)} & _found(shown, one)
        ]
        if lost:
            yield f"422 and lost {lost}"


def _digits(text: str) -> str:
    return re.sub(r"\D", "", text)


def _found(shown: str, typed: str) -> set[str]:
    """A telephone number comes back as its digits."""
    return {one for one in (typed, _digits(typed)) if one and one in shown}


def tries(form: FormFound, **known: str) -> list[tuple[str, Any]]:
    """What is sent, with a word for it."""
    return [("empty", left_empty(form)), ("filled", filled_in(form, **known))]
