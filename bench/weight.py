"""What pages weigh as the wire carries them: status line, headers and compressed body, from the real server.

Run: python -m bench weight. Everybody of the demonstration signs in and follows every link, one page of each kind. A
first visit is the page with its style, scripts and icons; a later one is the page alone, since those are kept for ever.
"""

import http.client
import re
from collections import deque
from dataclasses import dataclass, field
from statistics import median
from typing import Any
from urllib.parse import urlencode, urljoin, urlsplit

import brotli

from bench.running import Running, demonstration

_LINK = re.compile(r'(?:href|action)="([^"#]+)')
_PART = re.compile(r'<(?:a|form|button|input|select)\b[^>]*\bhx-get="(/[^"#]*)"[^>]*>')
_STATIC = re.compile(r'(?:href|src)="(/static/[^"]+)"')
_NAMES_ONE = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|\b[A-Z]{2}\d{7}\b|\d+")
_LEAVES = re.compile(r"^/(static|demo)/|sign-out|\.(pdf|xlsx|csv|json|jpg|txt)$")
_CHART = re.compile(r"<svg[^>]* role=")
REDIRECTS = {301, 302, 303, 307}


@dataclass
class Browser:
    """Keeps cookies, understands brotli, and counts bytes."""

    url: str
    cookies: dict[str, str] = field(default_factory=dict)

    def ask(self, path: str, fields: dict[str, str] | None = None, **headers: str) -> tuple[int, str, str, int]:
        """Status, where to, text of the page ("" when it is none), and bytes on the wire."""
        connection = http.client.HTTPConnection(urlsplit(self.url).netloc, timeout=120)
        told = {"Accept-Encoding": "br", "Cookie": "; ".join(f"{name}={one}" for name, one in self.cookies.items())}
        body = urlencode(fields) if fields is not None else None
        if body is not None:
            told["Content-Type"] = "application/x-www-form-urlencoded"
        connection.request("GET" if body is None else "POST", path, body, told | headers)
        answer = connection.getresponse()
        data = answer.read()
        connection.close()
        for cookie in answer.headers.get_all("Set-Cookie") or ():
            name, _, rest = cookie.partition("=")
            self.cookies[name] = rest.partition(";")[0]
        size = len(f"HTTP/1.1 {answer.status} {answer.reason}\r\n\r\n") + len(data)
        size += sum(len(name) + len(value) + 4 for name, value in answer.getheaders())
        plain = brotli.decompress(data) if answer.getheader("Content-Encoding") == "br" else data
        is_page = (answer.getheader("Content-Type") or "").startswith("text/html")
        return answer.status, answer.getheader("Location") or "", plain.decode() if is_page else "", size

    def sign_in(self, user: dict[str, Any]) -> str:
        """Where the person arrives. Raises RuntimeError where the sign-in is refused."""
        path = f"/account/sign-in/{user['portal']}"
        page = self.ask(path)[2]
        hidden = re.findall(r'<input[^>]*name="(csrf_token|request_key)"[^>]*value="([^"]*)"', page)
        status, where, _, _ = self.ask(path, {**dict(hidden), "name": user["username"], "password": user["password"]})
        if status not in REDIRECTS:
            raise RuntimeError(f"{user['username']} cannot sign in: {status}")
        return urlsplit(where).path


@dataclass(frozen=True)
class Weighed:
    """One kind of page as one person sees it; `first` counts what a browser that was never here fetches as well."""

    who: str
    kind: str
    later: int
    first: int
    figures: bool
    fragment: bool


class Scales:
    """Weighs pages, and what every page brings along only once."""

    def __init__(self, running: Running) -> None:
        self.running = running
        self.found: list[Weighed] = []
        self._static: dict[str, int] = {}

    def walk(self, who: str, browser: Browser, start: str) -> None:
        """Every page that can be reached from there by links, one of each kind."""
        seen: set[str] = set()
        waiting = deque([start])
        while waiting:
            path = waiting.popleft()
            kind = _kind(path)
            if kind in seen or _LEAVES.search(path.partition("?")[0]):
                continue
            seen.add(kind)
            status, where, html, size = browser.ask(path)
            if status in REDIRECTS:
                waiting.append(where.removeprefix(self.running.url))
            if status != 200 or not html:
                continue
            self._note(who, browser, kind, html, size)
            links = (urljoin(path, one.replace("&amp;", "&")) for one in _LINK.findall(html))
            waiting += [link for link in links if link.startswith("/")]

    def _note(self, who: str, browser: Browser, kind: str, html: str, size: int) -> None:
        head = html.partition("</head>")[0]
        for path in {*_STATIC.findall(head)} - self._static.keys():
            self._static[path] = browser.ask(path)[3]
        along = sum(self._static[path] for path in {*_STATIC.findall(head)})
        self.found.append(Weighed(who, kind, size, size + along, bool(_CHART.search(html)), fragment=False))
        for part in _PART.finditer(html):
            target = re.search(r'hx-target="#([^"]*)"', part[0])
            headers = {"HX-Request": "true", "HX-Request-Type": "partial", "HX-Target": target[1] if target else ""}
            status, _, text, size = browser.ask(part[1].replace("&amp;", "&"), **headers)
            if status == 200 and text:
                self.found.append(Weighed(who, _kind(part[1]), size, size, figures=False, fragment=True))


def _kind(path: str) -> str:
    """The address without what names one thing of many: pages of one kind weigh alike."""
    return _NAMES_ONE.sub("…", path.partition("?")[0])


def main() -> dict[str, Any]:
    """Weigh the demonstration."""
    with demonstration("weight") as running:
        scales = Scales(running)
        scales.walk("nobody", Browser(running.url), "/")
        for user in running.users:
            browser = Browser(running.url)
            scales.walk(f"{user['portal']} {user['username']}", browser, browser.sign_in(user))
    worst: dict[tuple[str, bool], Weighed] = {}
    for one in sorted(scales.found, key=lambda one: one.later):
        worst[one.kind, one.fragment] = one
    for one in sorted(worst.values(), key=lambda one: (one.fragment, -one.later)):
        what = "part" if one.fragment else "figures" if one.figures else "page"
        print(f"{what:8} {one.first / 1000:5.1f} KB first {one.later / 1000:5.1f} KB later  {one.kind}  ({one.who})")
    pages = [one for one in worst.values() if not one.fragment]
    return {
        "first_kb_max": round(max(one.first for one in pages) / 1000, 1),
        "later_kb_max": round(max(one.later for one in pages if not one.figures) / 1000, 1),
        "figures_kb_max": round(max((one.later for one in pages if one.figures), default=0) / 1000, 1),
        "later_kb_median": round(median(one.later for one in pages) / 1000, 1),
        "fragment_kb_max": round(max((one.later for one in worst.values() if one.fragment), default=0) / 1000, 1),
        "pages": len(pages),
    }
