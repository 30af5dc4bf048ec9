"""What `make run` does once everything is installed: real processes, a real port, an instance folder of its own."""

import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, OpenerDirector, build_opener

import pytest
from bs4 import BeautifulSoup

from tests.browserless import read_html

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 240


class Run:
    """One start of `make run`, as from a terminal: a signal reaches its whole process group."""

    def __init__(self, instance: Path, port: int | str) -> None:
        self.instance, self.url = instance, f"http://127.0.0.1:{port}"
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        environment = kept | {"CVMS_INSTANCE": str(instance), "CVMS_DEMO_SIZE": "0.01", "PORT": str(port)}
        self.log = instance.parent / f"run-{time.monotonic_ns()}.log"
        with self.log.open("wb") as out:
            self.process = subprocess.Popen(
                [sys.executable, "scripts/run.py"],
                cwd=ROOT,
                env=environment,
                stdout=out,
                stderr=out,
                start_new_session=True,
            )

    def says(self, words: str) -> str:
        """Wait until it has printed the words. What it has printed."""
        wait(lambda: words in self.log.read_text() or self.process.poll() is not None)
        assert words in self.log.read_text(), self.log.read_text()
        return self.log.read_text()

    def stop(self, number: int = signal.SIGINT) -> int:
        """Press Ctrl-C, or send another signal. The exit code."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, number)
        return self.process.wait(180)

    def people(self) -> int:
        """How many recipients there are."""
        with closing(sqlite3.connect(self.instance / "cvms.db")) as database:
            return int(database.execute("SELECT count(*) FROM recipient").fetchone()[0])

    def is_up(self) -> bool:
        """Whether anybody listens on its port."""
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", int(self.url.rpartition(":")[2]))) == 0


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[[], Run]]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    started: list[Run] = []

    def begin() -> Run:
        started.append(Run(tmp_path / "instance", port))
        return started[-1]

    yield begin
    for run in started:
        run.stop(signal.SIGTERM)


def wait(ready: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not ready():
        assert time.monotonic() < end, "nothing came"
        time.sleep(0.1)


def look(browser: OpenerDirector, url: str, data: dict[str, Any] | None = None) -> BeautifulSoup:
    sent = urlencode(data).encode() if data else None
    with browser.open(url, sent, timeout=30) as answer:
        assert answer.status == 200
        return read_html(answer.read())


def sign_in(url: str, user: dict[str, str]) -> BeautifulSoup:
    browser = build_opener(HTTPCookieProcessor(CookieJar()))
    address = f"{url}/account/sign-in/{user['portal']}"
    form = look(browser, address).select_one("main form[method=post]")
    hidden = {str(field["name"]): str(field["value"]) for field in form.select("input[type=hidden]")}
    return look(browser, address, hidden | {"name": user["username"], "password": user["password"]})


def test_make_run_makes_its_data_once_serves_each_portal_mails_and_ends_on_ctrl_c(start):
    interrupted = start()
    interrupted.says("Making invented people")
    assert interrupted.stop() == 130
    assert (interrupted.instance / "demo.unfinished").exists()

    first = start()
    said = first.says("Ctrl-C ends it")
    assert "Beginning anew" in said
    assert f"CVMS is running at {first.url}" in said
    known = json.loads((first.instance / "demo.json").read_text())
    assert known["url"] == first.url
    for portal in ("state", "provider", "organization", "recipient", "enrollment"):
        user = next(user for user in known["users"] if user["portal"] == portal)
        assert user["username"] in said
        assert sign_in(first.url, user).select_one("form[action*=sign-out]"), portal
    wait(lambda: "@" in mails(first.url))
    people = first.people()
    assert people > 100
    assert first.stop() == 0
    assert not first.is_up()
    assert "worker.stopped" in first.says("worker.stopped")

    second = start()
    said = second.says("Ctrl-C ends it")
    assert "Making invented people" not in said
    assert known["users"][0]["username"] in said
    assert second.people() == people
    assert json.loads((second.instance / "demo.json").read_text()) == known
    assert second.stop(signal.SIGTERM) == 0
    assert not second.is_up()


def mails(url: str) -> str:
    return look(build_opener(), f"{url}/demo/mails").select_one("main").get_text()


@pytest.mark.parametrize("port", ["taken", "eighty", "99999"])
def test_a_port_that_cannot_be_had_is_said_at_once_and_nothing_is_made(port, tmp_path):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        run = Run(tmp_path / "instance", other.getsockname()[1] if port == "taken" else port)
        assert run.process.wait(180) == 1
    said = run.log.read_text()
    assert ("PORT=" in said) if port == "taken" else (port in said)
    assert not (tmp_path / "instance" / "cvms.db").exists()
