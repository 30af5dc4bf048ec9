"""Every page that a menu names, at 10,000 and at 1,000,000 recipients, on both databases: server time and queries.

Run: python -m bench pages [recipients of the large state [of the small one]]. The states are built once and kept under
instance/bench/. Both are open in one process and asked in turn, so that whatever else the machine does is felt by both.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import event

from app import config, factory
from app.infra import clock, crypto
from app.infra.db import Database
from app.infra.queue import beat
from bench import servers, statewide
from tests.browserless import Site

RUNS, ROUNDS, WARM = 4, 12, 2
# Their growth is told but not judged: a list of few people has not even one page of those asked for.
MORE = {"provider.recipients": ("?doses=0", "?doses=1", "?registered=no")}
NOT_COUNTED = ("BEGIN", "COMMIT", "ROLLBACK", "PRAGMA")


@dataclass(frozen=True)
class Page:
    """A page of a menu, or one of MORE, and the browser of somebody who may open it."""

    site: Site
    url: str


@dataclass(frozen=True)
class Measured:
    """A page at both sizes: median milliseconds, and the queries that one request makes in the large state."""

    kind: str
    name: str
    small_ms: float
    large_ms: float
    queries: int

    @property
    def growth(self) -> float:
        """The time in the large state as a multiple of that in the small one."""
        return self.large_ms / self.small_ms


class State:
    """One state of the program, with the pages that the menus of each role name, by endpoint."""

    def __init__(self, database: Database, count: int, folder: Path) -> None:
        settings = config.load(
            {
                "CVMS_INSTANCE": str(folder), "CVMS_TESTING": "1", "SECRET_KEY": statewide.KEY,
                "DATABASE_URL": database.url,
            }
        )  # fmt: skip
        crypto.configure(settings.encryption_keys)
        statewide.build(database, count)
        self.machines = factory.make_machines(settings)
        beat(self.machines.database, "bench", now=clock.now())
        self.app = factory.create_app(machines=self.machines)
        self.pages: dict[str, Page] = {}
        with self.machines.database.session(write=True) as session:
            for role in statewide.ROLES:
                self._walk(Site(self.app, session).sign_in(statewide.account_of(session, role)))

    def _walk(self, site: Site) -> None:
        """Open every place of the person who is signed in, and every entry of the menus there."""
        waiting = [str(link["href"]) for link in site.open("/account/choose").select("#places a")]
        seen = set()
        while waiting:
            url = waiting.pop()
            if url in seen:
                continue
            seen.add(url)
            waiting += [str(link["href"]) for link in site.open(url).select("header nav a[href]")]
            endpoint = str(self.app.url_map.bind("localhost").match(site.url)[0])
            self.pages[endpoint] = Page(site, site.url)
            for query in MORE.get(endpoint, ()):
                self.pages[endpoint + query] = Page(site, site.url + query)

    def ask(self, name: str) -> float:
        """Milliseconds of one request."""
        page = self.pages[name]
        started = time.perf_counter()
        response = page.site.client.get(page.url)
        taken = (time.perf_counter() - started) * 1000
        assert response.status_code == 200, f"{page.url}: {response.status_code}"
        return taken

    def queries(self, name: str) -> list[str]:
        """The statements of one request."""
        asked: list[str] = []

        def note(_connection: Any, _cursor: Any, statement: str, *_others: Any) -> None:
            if not statement.startswith(NOT_COUNTED):
                asked.append(statement)

        engine = self.machines.database.engine
        event.listen(engine, "before_cursor_execute", note)
        self.ask(name)
        event.remove(engine, "before_cursor_execute", note)
        return asked

    def close(self) -> None:
        """Let go of the database."""
        self.machines.database.dispose()
        self.machines.queue.close()


@contextmanager
def opened(database: Database, count: int) -> Iterator[State]:
    """A state on this database, built where it is not."""
    with TemporaryDirectory() as folder:
        state = State(database, count, Path(folder))
        try:
            yield state
        finally:
            state.close()


def compare(small: State, large: State) -> list[Measured]:
    """Every page of both states, asked in turn; the runs are apart, so that a busy moment is not all that a page sees."""
    kind = large.machines.database.engine.dialect.name
    times: dict[str, list[tuple[float, float]]] = {name: [] for name in sorted(large.pages)}
    for _ in range(RUNS):
        for name, taken in times.items():
            taken.extend([(small.ask(name), large.ask(name)) for _ in range(WARM + ROUNDS)][WARM:])
    found = []
    for name, taken in times.items():
        few, many = (median(pair[place] for pair in taken) for place in (0, 1))
        one = Measured(kind, name, few, many, len(large.queries(name)))
        found.append(one)
        print(f"{kind:10} {name:40} {few:6.1f} ms {many:6.1f} ms  × {one.growth:.2f}  {one.queries:2} queries")
    return found


def main(large: int = 1_000_000, small: int = 10_000) -> dict[str, Any]:
    """Measure on both databases."""
    few, many = f"statewide-{small}", f"statewide-{large}"
    found = _both((servers.embedded(few), small), (servers.embedded(many), large))
    with servers.postgresql(few) as lesser, servers.postgresql(many) as greater:
        found += _both((lesser, small), (greater, large))
    narrowed = [one for one in found if "?" in one.name]
    worst = max((one for one in found if one not in narrowed), key=lambda one: one.growth)
    return {
        "worst_growth": round(worst.growth, 2),
        "worst_page": f"{worst.name} ({worst.kind})",
        "most_queries": max(one.queries for one in found),
        "slowest_ms": round(max(one.large_ms for one in found if one not in narrowed), 1),
        "slowest_narrowed_ms": round(max(one.large_ms for one in narrowed), 1),
        "pages": len({one.name for one in found}),
        "recipients": large,
    }


def _both(small: tuple[Database, int], large: tuple[Database, int]) -> list[Measured]:
    with opened(*small) as few, opened(*large) as many:
        return compare(few, many)
