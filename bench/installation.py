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
from bench.visitor import Roaming, Visitor
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
    more_addresses: list[str] = field(default_factory=list)

    @property
    def address(self) -> str:
        """Where its web server listens, or the first of several."""
        return self.environment["CVMS_BIND"]

    def visitor(self, *, number: int = 0) -> Visitor | Roaming:
        """Somebody with a browser, who comes from an address of their own."""
        where = f"10.{number // 65536}.{number // 256 % 256}.{number % 256}"
        nodes = [address.split(":") for address in (self.address, *self.more_addresses)]
        visitors = [Visitor(host, int(port), address=where) for host, port in nodes]
        return visitors[0] if len(visitors) == 1 else Roaming(visitors)

    def add_node(self) -> None:
        """A second machine: web and worker with a folder of their own, on the same database, queue and files."""
        number = len(self.more_addresses) + 2
        folder = self.folder / f"node-{number}"
        folder.mkdir(mode=0o700)
        settings = {
            "CVMS_INSTANCE": str(folder), "CVMS_BIND": f"127.0.0.1:{free_port()}", "STORAGE_DIR": str(self.folder / "files"),
            "PROMETHEUS_MULTIPROC_DIR": str(folder / "figures"),
        }  # fmt: skip
        self.more_addresses.append(settings["CVMS_BIND"])
        for kind, command in (("web", WEB), ("worker", WORKER)):
            name = f"{kind}-{number}"
            self.services[name] = Service(name, command, self.environment | settings, self.folder)

    def start(self) -> None:
        """Begin all services and wait until pages come."""
        for service in self.services.values():
            service.start()
        for address in (self.address, *self.more_addresses):
            wait_for(lambda where=address: answer_of(where) == 200, "the web server")

    def stop(self) -> None:
        """End all services but the database."""
        for service in self.services.values():
            service.kill()


@contextmanager
def installation(
    kind: str, mailbox: Mailbox, *, clinics_: int, staff: int, people: int, url: str = "", **settings: str
) -> Iterator[Installation]:
    """A new one on a database of that kind, with services that are not started yet. Thrown away at the end.

    `url`: an empty PostgreSQL database of the caller's; otherwise a server is made.
    """
    folder = Path(tempfile.mkdtemp(prefix="cvms-bench-"))
    database = Postgres() if kind == "postgresql" and not url else None
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
            url = database.url("postgres")
        if url:
            environment["DATABASE_URL"] = environment["QUEUE_URL"] = url
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
