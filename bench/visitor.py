"""A browser without a screen, as lean as can be: it shares the processors with what it measures.

It keeps one connection and its cookies, asks for compressed pages as browsers do, and finds forms by regular expressions.
"""

import html
import itertools
import re
import socket
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlencode

import brotli

_FORM = re.compile(r"<form[^>]*>.*?</form>", re.DOTALL)
_FIELD = re.compile(r"<input[^>]*>")
_ATTRIBUTE = re.compile(r'(name|value|type)="([^"]*)"')
_ACTION = re.compile(r'action="([^"]*)"')
_BOUNDARY = "a-line-that-no-file-holds"

Fields = list[tuple[str, str]]


class Unreached(Exception):
    """The connection broke or nobody listened: whether the request was carried out is not known."""


@dataclass(frozen=True, slots=True)
class Answer:
    """Status, where it sends on to, seconds until asking again where it says so, and the page."""

    status: int
    location: str
    retry_after: int | None
    text: str

    def form(self, mark: str = "") -> tuple[str, Fields]:
        """Address and hidden fields of the first form of the page's main part that is sent, and whose tag contains `mark`.

        Raises LookupError.
        """
        for part in _FORM.findall(self.text.partition("<main")[2]):
            tag = part[: part.index(">")]
            if mark in tag and 'name="csrf_token"' in part:
                found = _ACTION.search(tag)
                return html.unescape(found[1]) if found else "", _hidden(part)
        raise LookupError(f"no form {mark} on a page of {len(self.text)} signs, status {self.status}")

    def option(self, name: str) -> str:
        """The first value of a list to choose from that is not empty. Raises LookupError."""
        part = self.text.partition(f'name="{name}"')[2].partition("</select>")[0]
        for value in re.findall(r'<option[^>]*value="([^"]+)"', part):
            return str(value)
        raise LookupError(name)


def _hidden(part: str) -> Fields:
    found = []
    for tag in _FIELD.findall(part):
        told = dict(_ATTRIBUTE.findall(tag))
        if told.get("type") == "hidden" and "name" in told:
            found.append((told["name"], html.unescape(told.get("value", ""))))
    return found


class Visitor:
    """Somebody with a browser of their own."""

    def __init__(self, host: str, port: int, *, timeout: float = 60, address: str = "", source: str = "") -> None:
        """`address`: where a trusted proxy says that the caller sits; `source`: the address from which it really calls."""
        self.host, self.port, self.timeout, self.address = host, port, timeout, address
        self.cookies: dict[str, str] = {}
        self._source = (source, 0) if source else None
        self._socket: socket.socket | None = None

    def get(self, path: str) -> Answer:
        """Open a page."""
        return self._ask("GET", path, b"", "")

    def post(self, path: str, fields: Fields) -> Answer:
        """Send a form."""
        return self._ask("POST", path, urlencode(fields).encode(), "application/x-www-form-urlencoded")

    def send_file(self, path: str, fields: Fields, name: str, data: bytes) -> Answer:
        """Send a form with a file in its field `file`."""
        lines: list[bytes] = []
        for field, value in fields:
            lines.append(f'--{_BOUNDARY}\r\nContent-Disposition: form-data; name="{field}"\r\n\r\n{value}\r\n'.encode())
        head = f'--{_BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'
        lines.append(f"{head}Content-Type: application/octet-stream\r\n\r\n".encode() + data)
        lines.append(f"\r\n--{_BOUNDARY}--\r\n".encode())
        return self._ask("POST", path, b"".join(lines), f"multipart/form-data; boundary={_BOUNDARY}")

    def leave(self) -> None:
        """Close the connection."""
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def _ask(self, method: str, path: str, body: bytes, kind: str) -> Answer:
        head = [
            f"{method} {path} HTTP/1.1", f"Host: {self.host}:{self.port}", "Accept-Encoding: br", "User-Agent: bench",
            "Cookie: " + "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
        ]  # fmt: skip
        if self.address:
            head.append(f"X-Forwarded-For: {self.address}")
        if kind:
            head += [f"Content-Type: {kind}", f"Content-Length: {len(body)}"]
        message = "\r\n".join(head).encode() + b"\r\n\r\n" + body
        was_open = self._socket is not None
        try:
            try:
                return self._exchange(message)
            except (OSError, Unreached):
                self.leave()
                # A server may close a connection that nobody uses; only what changes nothing is asked again.
                if not was_open or method != "GET":
                    raise
                return self._exchange(message)
        except OSError as error:
            self.leave()
            raise Unreached(type(error).__name__) from error

    def _exchange(self, message: bytes) -> Answer:
        if self._socket is None:
            self._socket = socket.create_connection((self.host, self.port), self.timeout, self._source)
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._socket.sendall(message)
        received = bytearray()
        while (end := received.find(b"\r\n\r\n")) < 0:
            received += self._more(self._socket)
        lines = received[:end].decode("latin-1").split("\r\n")
        rest = bytearray(received[end + 4 :])
        told = [(name.lower(), value.strip()) for name, _, value in (line.partition(":") for line in lines[1:])]
        headers = dict(told)
        status = int(lines[0].split(" ", 2)[1])
        body = self._body(self._socket, status, headers, rest)
        self._keep_cookies(value for name, value in told if name == "set-cookie")
        if headers.get("connection") == "close":
            self.leave()
        if headers.get("content-encoding") == "br":
            body = brotli.decompress(body)
        wait = headers.get("retry-after", "")
        return Answer(
            status, headers.get("location", ""), int(wait) if wait.isdecimal() else None, body.decode("utf-8", "replace")
        )

    def _body(self, line: socket.socket, status: int, headers: dict[str, str], rest: bytearray) -> bytes:
        if status in {204, 304}:
            return b""
        if headers.get("transfer-encoding") != "chunked":
            length = int(headers.get("content-length", "0"))
            while len(rest) < length:
                rest += self._more(line)
            return bytes(rest)
        parts = []
        while True:
            while b"\r\n" not in rest:
                rest += self._more(line)
            size = int(rest[: rest.index(b"\r\n")], 16)
            begin = rest.index(b"\r\n") + 2
            while len(rest) < begin + size + 2:
                rest += self._more(line)
            parts.append(bytes(rest[begin : begin + size]))
            rest = rest[begin + size + 2 :]
            if not size:
                return b"".join(parts)

    @staticmethod
    def _more(line: socket.socket) -> bytes:
        if data := line.recv(65536):
            return data
        raise Unreached("closed")

    def _keep_cookies(self, lines: Iterable[str]) -> None:
        for line in lines:
            name, _, value = line.partition(";")[0].partition("=")
            if value:
                self.cookies[name] = value
            else:
                self.cookies.pop(name, None)


class Roaming:
    """A browser whose requests go to one machine after the other, as a proxy in front of several sends them."""

    def __init__(self, visitors: list[Visitor]) -> None:
        self._turns = itertools.cycle(visitors)
        self._all = visitors
        for visitor in visitors:
            visitor.cookies = visitors[0].cookies

    def get(self, path: str) -> Answer:
        """Open a page."""
        return next(self._turns).get(path)

    def post(self, path: str, fields: Fields) -> Answer:
        """Send a form."""
        return next(self._turns).post(path, fields)

    def send_file(self, path: str, fields: Fields, name: str, data: bytes) -> Answer:
        """Send a form with a file."""
        return next(self._turns).send_file(path, fields, name, data)

    def leave(self) -> None:
        """Close all connections."""
        for visitor in self._all:
            visitor.leave()
