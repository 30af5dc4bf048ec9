"""The processes that an installation runs, as its systemd units start them: they end what they have in hand, and start again."""

import asyncio
import json
import os
import re
import shlex
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from contextlib import closing, contextmanager
from http.client import HTTPResponse
from pathlib import Path

import pytest

from app.domain.accounts.access import Role, system
from app.domain.accounts.invitations import Invite, invite
from app.infra import clock, outbox
from app.infra.db import Database
from tests.conftest import KEY, empty_database
from tests.mailbox import Mailbox

ROOT = Path(__file__).resolve().parents[2]
UNITS = ROOT / "deploy" / "systemd"
TOKEN = "a-token-of-24-signs-or-more"
PATIENCE = 60
pytestmark = pytest.mark.once


class SlowMailbox(Mailbox):
    """Takes its time for each mail, as servers do."""

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        await asyncio.sleep(0.3)
        return await super().handle_DATA(server, session, envelope)


@pytest.fixture
def mailbox():
    made = SlowMailbox()
    made.start()
    yield made
    made.stop()


@pytest.fixture
def installed(database_kind, request, tmp_path):
    """The settings of an installation with an empty database."""
    with empty_database(database_kind, request, tmp_path) as url:
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        yield kept | {
            "CVMS_INSTANCE": str(tmp_path), "DATABASE_URL": url, "SECRET_KEY": KEY, "METRICS_TOKEN": TOKEN,
            "CVMS_BIND": f"127.0.0.1:{free_port()}", "WEB_CONCURRENCY": "2", "TRUSTED_PROXIES": "1",
        }  # fmt: skip


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def unit(name):
    """The settings of the unit's service by name; its folder is this one here."""
    text = (UNITS / f"cvms-{name}.service").read_text().replace("/srv/cvms", str(ROOT))
    return dict(line.split("=", 1) for line in text.splitlines() if "=" in line)


@contextmanager
def service(name, environment, log):
    """A process started as systemd would."""
    settings = unit(name)
    command = shlex.split(settings["ExecStart"])
    with log.open("ab") as out:
        process = subprocess.Popen(command, cwd=settings["WorkingDirectory"], env=environment, stdout=out, stderr=out)
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()


def wait(ready):
    end = time.monotonic() + PATIENCE
    while not (found := ready()):
        assert time.monotonic() < end, "nothing came"
        time.sleep(0.05)
    return found


def ask(environment, path, **headers):
    """Status and body; None while nobody listens."""
    request = urllib.request.Request(f"http://{environment['CVMS_BIND']}{path}", headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as answer:
        return answer.code, answer.read().decode()
    except OSError:
        return None


def events(log):
    return [json.loads(line) for line in log.read_text().splitlines()]


def test_the_web_adds_up_its_processes_and_ends_the_page_in_hand(installed, tmp_path):
    log = tmp_path / "web.log"
    with service("web", installed, log) as web:
        assert wait(lambda: ask(installed, "/readyz"))[0] == 200
        for _ in range(20):
            assert ask(installed, "/privacy")[0] == 200
        told = ask(installed, "/metrics", Authorization=f"Bearer {TOKEN}")[1]
        count = re.search(r'cvms_requests_total\{method="GET",route="/privacy",status="200"\} ([\d.]+)', told)
        assert float(count.group(1)) == 20

        body = b"name=nobody&password=nothing"
        host, port = installed["CVMS_BIND"].split(":")
        with closing(socket.create_connection((host, int(port)), timeout=30)) as line:
            head = (
                f"POST /account/sign-in/state HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n"
                f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n"
            )
            line.sendall(head.encode() + body[:10])
            time.sleep(0.5)
            web.send_signal(signal.SIGTERM)
            time.sleep(1)
            line.sendall(body[10:])
            answer = HTTPResponse(line)
            answer.begin()
            assert answer.status in {409, 422}
            assert b"</html>" in answer.read()
        assert web.wait(PATIENCE) == 0
    ended = [line for line in events(log) if line["event"] == "request.ended"]
    assert {line["route"] for line in ended} == {"/privacy", "/account/sign-in/<realm>"}


def test_the_worker_ends_the_mail_in_hand_and_the_listener_ends(installed, mailbox, tmp_path):
    log, heard = tmp_path / "worker.log", tmp_path / "mail.log"
    environment = installed | {"SMTP_URL": mailbox.url}
    with open_database(installed) as database:
        with database.transaction() as session:
            for number in range(12):
                offer = Invite(
                    Role.STATE_ADMINISTRATOR, None, f"a{number}@example.org", "Ada", "Moore", "state", f"ada{number}"
                )
                invite(session, system("test"), offer, now=clock.now())
        with service("worker", environment, log) as worker, service("mail", environment, heard) as listener:
            wait(lambda: mailbox.messages)
            worker.send_signal(signal.SIGTERM)
            wait(lambda: "Taking mails" in heard.read_text())
            listener.send_signal(signal.SIGTERM)
            assert [worker.wait(PATIENCE), listener.wait(PATIENCE)] == [0, 0]
        arrived = len(mailbox.messages)
        assert arrived < 12
        assert standings(database) == {"waiting": 12 - arrived}
    told = [line["event"] for line in events(log) if line["event"].startswith("worker.")]
    assert told == ["worker.started", "worker.stopped"]


@contextmanager
def open_database(environment):
    database = Database(environment["DATABASE_URL"])
    yield database
    database.dispose()


def standings(database):
    with database.reading() as session:
        return {status: count for status, count in outbox.counts(session).items() if count}
