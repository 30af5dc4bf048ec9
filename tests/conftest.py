"""Real parts for every test: a fresh database of each kind, real files, a real mail server."""

import os
import shutil
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import hypothesis
import psycopg
import pytest
import time_machine
from flask import Flask
from sqlalchemy import text
from sqlalchemy.orm import Session

from app import config, factory
from app.domain.eligibility.plans import install_plans
from app.domain.helpdesk.desk import install_help_desk
from app.domain.program.products import install_products
from app.infra import clock, crypto, migrations
from app.infra.db import Database
from app.infra.storage import FolderStorage
from app.jobs import work
from app.web.announcements import Announcements
from app.web.context import Machines
from tests import postgres
from tests.browserless import Site
from tests.clamd import Clamd
from tests.mailbox import Mailbox
from tests.restoring import Restoring

LONG = bool(os.environ.get("CVMS_LONG"))
LONGEST = {"run", "journeys", "browser"}
MEMORY, ROOM = Path("/dev/shm"), 6 * 1024**3
KEY = "a secret of at least thirty-two characters"
factory.import_models()
# The suite tries the same values on every machine; the longer form tries others each time.
hypothesis.settings.register_profile("suite", derandomize=not LONG, deadline=None, database=None)
hypothesis.settings.load_profile("suite")


class Lasting:
    """What a process keeps between its tests, emptied for each: templates, routes and queries are compiled once."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.restoring: Restoring | None = None
        self._app: Flask | None = None

    def app_with(self, machines: Machines) -> Flask:
        """The application, running on these parts."""
        self._app = self._app or factory.create_app(machines=machines)
        self._app.extensions["cvms"] = machines
        return self._app


def pytest_configure() -> None:
    """Databases and files of tests lie in memory where there is room: they are thrown away, and waited for no disk."""
    if MEMORY.is_dir() and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ROOM:
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--database", default="both", choices=["sqlite", "postgresql", "both"])


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "database_kind" in metafunc.fixturenames:
        chosen = metafunc.config.getoption("--database")
        kinds = ["sqlite", "postgresql"] if chosen == "both" else [chosen]
        if "once" in metafunc.definition.keywords:
            kinds = ["sqlite"]
        metafunc.parametrize("database_kind", kinds, scope="session")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """The longer forms run where they are asked for. Whole programs share the machine with the tests beside them: what
    fails there is tried once more, and the summary counts it. What takes longest begins first, so that no process ends alone."""
    items.sort(key=lambda item: LONGEST.isdisjoint(item.path.parts))
    for item in items:
        if "browser" in item.keywords or "run" in item.path.parts:
            item.add_marker(pytest.mark.flaky(reruns=1))
    longer = [] if LONG else [item for item in items if "long" in item.keywords]
    if longer:
        config.hook.pytest_deselected(items=longer)
        items[:] = [item for item in items if "long" not in item.keywords]


@pytest.fixture(scope="session", autouse=True)
def keys() -> None:
    crypto.configure(settings_for(Path("unused"), "sqlite://").encryption_keys)


@pytest.fixture(scope="session")
def server() -> Iterator[postgres.Server]:
    if postgres.find_binaries() is None:
        warnings.warn("PostgreSQL is not installed: its half of the tests is skipped", UserWarning, stacklevel=1)
        pytest.skip("PostgreSQL is not installed")
    running = postgres.Server()
    yield running
    running.stop()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "cvms.db"
    database = Database(f"sqlite:///{path}")
    create_schema(database)
    with database.engine.connect() as connection:
        connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
    database.dispose()
    return path


@pytest.fixture(scope="session")
def postgresql_template(server: postgres.Server) -> str:
    _administer(server, "CREATE DATABASE template_cvms")
    database = Database(server.url("template_cvms"))
    create_schema(database)
    database.dispose()
    return "template_cvms"


def create_schema(database: Database) -> None:
    """The tables, triggers, products and plans of an empty installation."""
    migrations.upgrade(database)
    with database.transaction() as session:
        install_products(session)
        install_help_desk(session)
        install_plans(session)


def settings_for(folder: Path, database_url: str, **other: str) -> config.Settings:
    return config.load(
        {
            "CVMS_INSTANCE": str(folder),
            "CVMS_TESTING": "1",
            "DATABASE_URL": database_url,
            "SECRET_KEY": KEY,
            "PUBLIC_URL": "http://cvms.test",
            "SECOND_FACTOR": "offered",
            **other,
        }
    )


@contextmanager
def empty_database(kind: str, request: pytest.FixtureRequest, folder: Path) -> Iterator[str]:
    """The address of an empty database of that kind, thrown away at the end; SQLite's is in the folder."""
    if kind == "sqlite":
        copy_template(request, folder / "cvms.db")
        yield f"sqlite:///{folder / 'cvms.db'}"
        return
    running, template = request.getfixturevalue("server"), request.getfixturevalue("postgresql_template")
    name = f"test_{os.urandom(6).hex()}"
    _administer(running, f"CREATE DATABASE {name} TEMPLATE {template}")
    yield running.url(name)
    _administer(running, f"DROP DATABASE {name} WITH (FORCE)")


def copy_template(request: pytest.FixtureRequest, path: Path) -> None:
    """Put an empty SQLite database there, in place of what there may be."""
    for left in path.parent.glob(f"{path.name}-*"):
        left.unlink()
    path.unlink(missing_ok=True)
    shutil.copy(request.getfixturevalue("sqlite_template"), path)


@pytest.fixture(scope="session")
def lasting(
    database_kind: str, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Lasting]:
    folder = tmp_path_factory.mktemp("lasting")
    if database_kind == "sqlite":
        url = f"sqlite:///{folder / 'cvms.db'}"
    else:
        url = request.getfixturevalue("server").url("lasting")
    made = Lasting(Database(url, outlives_power_cuts=False))
    yield made
    made.database.dispose()
    if made.restoring is not None:
        made.restoring.close()


@pytest.fixture
def database_url(lasting: Lasting, request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of an empty database of the kind under test."""
    database = lasting.database
    if database.is_sqlite:
        copy_template(request, Path(database.url.removeprefix("sqlite:///")))
        yield database.url
        database.dispose()
        return
    if lasting.restoring is None or not _restored(lasting.restoring):
        database.dispose()
        running, template = request.getfixturevalue("server"), request.getfixturevalue("postgresql_template")
        _administer(running, "DROP DATABASE IF EXISTS lasting WITH (FORCE)")
        _administer(running, f"CREATE DATABASE lasting TEMPLATE {template}")
        lasting.restoring = Restoring(database.url)
    yield database.url


def _restored(restoring: Restoring) -> bool:
    """False where a test left a transaction open, or changed tables: then the database is made anew."""
    try:
        restoring.restore()
    except psycopg.Error:
        restoring.close()
        return False
    return True


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> config.Settings:
    return settings_for(tmp_path, database_url)


@pytest.fixture
def machines(settings: config.Settings, lasting: Lasting) -> Iterator[Machines]:
    factory.prepare(settings)
    made = Machines(
        settings, lasting.database, FolderStorage(settings.storage_dir), work.make_queue(settings.queue_url),
        Announcements(lasts=3600),
    )  # fmt: skip
    made.announcements.standing(made.database, now=clock.now())  # so that it counts among the queries of no page
    yield made
    made.queue.close()


@pytest.fixture
def database(machines: Machines) -> Database:
    return machines.database


@pytest.fixture
def storage(machines: Machines) -> Any:
    return machines.storage


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    """A writing session. Makers commit; on SQLite nobody else can write while it is in a transaction."""
    with database.session(write=True) as opened:
        yield opened


@pytest.fixture
def app(machines: Machines, lasting: Lasting) -> Any:
    return lasting.app_with(machines)


@pytest.fixture
def site(app: Any, session: Session) -> Site:
    return Site(app, session)


@pytest.fixture
def now() -> Iterator[datetime]:
    """A Wednesday morning in the program's zone, for the test and for the pages that it opens."""
    moment = datetime(2021, 3, 10, 15, 0, tzinfo=UTC)
    with time_machine.travel(moment, tick=True):
        yield moment


@pytest.fixture
def smtp() -> Iterator[Mailbox]:
    """A real SMTP server in this process; `smtp.messages` is what arrived."""
    mailbox = Mailbox()
    mailbox.start()
    yield mailbox
    mailbox.stop()


@pytest.fixture
def clamd(tmp_path: Path) -> Iterator[Clamd]:
    """A scanner's daemon in this process; `clamd.seen` are the files that it was sent."""
    running = Clamd(tmp_path)
    yield running
    running.stop()


def _administer(server: postgres.Server, statement: str) -> None:
    with psycopg.connect(server.url("postgres"), autocommit=True) as connection:
        connection.execute(statement)
