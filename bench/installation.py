"""An installation with real processes and clinics in it: web, worker, database and mail server, all on this machine."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from app import config, factory
from app.web.context import Machines
from bench import clinics
from bench.services import SECRET, WEB, WORKER, Postgres, Service, answer_of, free_port, wait_for
from bench.visitor import Visitor
from tests.mailbox import Mailbox


@dataclass
class Installation:
    """One installation. `database` is None on SQLite. `machines` are its parts, opened here as well, to look inside."""

    folder: Path
    environment: dict[str, str]
    mailbox: Mailbox
    machines: Machines
    desks: list[clinics.Desk]
    database: Postgres | None
    services: dict[str, Service] = field(default_factory=dict)

    @property
    def address(self) -> str:
        """Where its web server listens."""
        return self.environment["CVMS_BIND"]

    def visitor(self, *, number: int = 0, timeout: float = 60) -> Visitor:
        """Somebody with a browser, who comes from an address of their own."""
        host, port = self.address.split(":")
        where = f"10.{number // 65536}.{number // 256 % 256}.{number % 256}"
        return Visitor(host, int(port), timeout=timeout, address=where)

    def start(self) -> None:
        """Begin all services and wait until pages come."""
        for service in self.services.values():
            service.start()
        wait_for(lambda: answer_of(self.address) == 200, "the web server")

    def stop(self) -> None:
        """End all services but the database."""
        for service in self.services.values():
            service.kill()


@contextmanager
def installation(
    kind: str, mailbox: Mailbox, *, clinics_: int, staff: int, people: int, **settings: str
) -> Iterator[Installation]:
    """A new one on a database of that kind, with services that are not started yet. Thrown away at the end."""
    folder = Path(tempfile.mkdtemp(prefix="cvms-bench-"))
    database = Postgres() if kind == "postgresql" else None
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    environment = kept | {
        "CVMS_INSTANCE": str(folder), "SECRET_KEY": SECRET, "SECOND_FACTOR": "offered", "TRUSTED_PROXIES": "1",
        "CVMS_BIND": f"127.0.0.1:{free_port()}", "WEB_CONCURRENCY": "2", "PROMETHEUS_MULTIPROC_DIR": str(folder / "figures"),
        **settings,
    }  # fmt: skip
    made: Installation | None = None
    mailbox.start()
    try:
        environment["SMTP_URL"] = mailbox.url
        if database is not None:
            database.make()
            database.start()
            environment["DATABASE_URL"] = environment["QUEUE_URL"] = database.url("postgres")
        machines = factory.make_machines(config.load(environment | {"SLOW_QUERY_MS": "0"}))
        desks = clinics.furnish(machines.database, clinics=clinics_, staff=staff, people=people)
        made = Installation(folder, environment, mailbox, machines, desks, database)
        made.services = {
            "web": Service("web", WEB, environment, folder), "worker": Service("worker", WORKER, environment, folder),
        }  # fmt: skip
        yield made
    finally:
        if made is not None:
            made.stop()
            made.machines.database.dispose()
            made.machines.queue.close()
        if database is not None:
            database.throw_away()
        mailbox.stop()
        shutil.rmtree(folder, ignore_errors=True)
