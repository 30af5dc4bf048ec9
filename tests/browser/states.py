"""Pages in each of their states, kept as they went out, and shown to a browser once more."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import brotli
from flask import Flask, request, request_finished, template_rendered

STATIC = Path(__file__).parents[2] / "app" / "static"
_MARKS = {
    "mistakes": "data-error-summary", "open pencil": "pencil--editing", "nothing there": 'class="empty',
    "a message": '<main class="bar" id="main" tabindex="-1">\n  <div role="status">', "a banner": 'class="banner',
    "Spanish": '<html lang="es"', "a table": "<table",
}  # fmt: skip


@dataclass(frozen=True)
class Kept:
    """A page as it went out. `state`: its template, its status, and what of a page's many faces it shows."""

    state: tuple[Any, ...]
    path: str
    html: str

    def __str__(self) -> str:
        return " ".join(str(part) for part in self.state)


class States:
    """One page for each state that was seen."""

    def __init__(self) -> None:
        self.pages: dict[tuple[Any, ...], Kept] = {}
        self._rendered: list[str] = []

    @contextmanager
    def watching(self, app: Flask) -> Iterator["States"]:
        """Keep what the application answers meanwhile."""
        with template_rendered.connected_to(self._note, app), request_finished.connected_to(self._keep, app):
            yield self

    def _note(self, _app: Flask, template: Any, **_context: Any) -> None:
        self._rendered.append(template.name)

    def _keep(self, _app: Flask, response: Any) -> None:
        rendered, self._rendered = self._rendered, []
        if response.mimetype != "text/html" or response.is_streamed or not rendered:
            return
        body = response.get_data()
        html = (brotli.decompress(body) if response.headers.get("Content-Encoding") == "br" else body).decode()
        if "<html" not in html:
            return
        marks = tuple(name for name, mark in _MARKS.items() if mark in html)
        kept = Kept((rendered[-1], response.status_code, *marks), request.full_path.rstrip("?"), html)
        self.pages.setdefault(kept.state, kept)


class Shown:
    """A tab that shows kept pages, each with its style and scripts, at the address where it was."""

    def __init__(self, tab: Any) -> None:
        self.tab = tab
        self._now: Kept | None = None
        tab.route("**/*", self._answer)

    def show(self, page: Kept) -> None:
        """Load the page. What it asks for afterwards is not answered."""
        self._now = page
        self.tab.goto(f"http://localhost{page.path}", wait_until="load")

    def _answer(self, route: Any) -> None:
        path = urlsplit(route.request.url).path
        assert self._now is not None
        if path.startswith("/static/"):
            route.fulfill(path=str(STATIC / path.split("/", 3)[3]))
        elif route.request.is_navigation_request() and path == urlsplit(self._now.path).path:
            # A page that goes on by itself would be another one in the middle of being looked at.
            html = re.sub(r'<meta http-equiv="refresh"[^>]*>', "", self._now.html)
            route.fulfill(body=html, content_type="text/html; charset=utf-8")
        else:
            route.abort()
