"""Every page that a menu names and one of each kind that those lead to, at 10,000 and at 1,000,000 recipients, on both
databases: server time and queries. The plans of the busiest ten on PostgreSQL are kept in bench/plans.md.

Run: python -m bench pages [recipients of the large state [of the small one]]. The states are built once and kept under
instance/bench/. Both are open in one process and asked in turn, so that whatever else the machine does is felt by both.
"""

import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import event
from werkzeug.exceptions import HTTPException

from app import config, factory
from app.infra import clock, crypto
from app.infra.db import Database
from app.infra.queue import beat
from bench import plans, servers, statewide
from tests.browserless import Site

RUNS, ROUNDS, WARM = 3, 5, 1
MOST_GROWTH = 1.3
# Their growth is told but not judged: a list of few people has not even one page of those asked for.
MORE = {"provider.recipients": ("?doses=0", "?doses=1", "?registered=no")}
BUSIEST = (
    *("provider.clinic_day", "provider.found_people", "provider.visit_page", "provider.dose_page", "provider.recipients"),
    *("provider.recipient_page", "provider.inventory", "recipient.record", "helpdesk.queue", "state.home"),
)
_FILE = re.compile(r"\.(pdf|xlsx|csv|json|txt|zip)$|/static/|/sign-out|/download|/card$")
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
        self.search()

    def _walk(self, site: Site) -> None:
        """Open every place of the person who is signed in, and every entry of the menus there."""
        waiting = [str(link["href"]) for link in site.open("/account/choose").select("#places a")]
        seen, inside = set(), []
        while waiting:
            url = waiting.pop()
            if url in seen:
                continue
            seen.add(url)
            page = site.open(url)
            waiting += [str(link["href"]) for link in page.select("header nav a[href]")]
            inside += [str(link["href"]) for link in page.select("main a[href]")]
            endpoint = self._kind(site.url)
            self.pages[endpoint] = Page(site, site.url)
            for query in MORE.get(endpoint, ()):
                self.pages[endpoint + query] = Page(site, site.url + query)
        self._look_inside(site, inside)

    def _look_inside(self, site: Site, waiting: list[str]) -> None:
        """One page of each kind that a page leads to; files, and lists that are narrowed or turned, are not asked for."""
        for url in waiting:
            kind = "" if _FILE.search(url) or "?" in url or not url.startswith("/") else self._kind(url)
            if not kind or kind in self.pages or kind.startswith("account."):
                continue
            response = site.client.get(url)
            if response.status_code != 200 or response.mimetype != "text/html":
                continue
            self.pages[kind] = Page(site, url)
            waiting += re.findall(r'href="(/[^"#]*)"', response.text.partition("<main")[2])

    def search(self) -> None:
        """Somebody is found at the clinic by what they say at the door."""
        page = self.pages["provider.clinic_day"]
        with self.machines.database.reading() as session:
            known = statewide.somebody(session)
        born = {"birth_date__month": known.birth_date.month, "birth_date__day": known.birth_date.day}
        told = {"last_name": known.last_name, "detail": known.first_name, "birth_date__year": known.birth_date.year}
        page.site.submit(page.site.open(page.url), "#find", **born, **told)
        self.pages["provider.found_people"] = Page(page.site, page.site.url)

    def _kind(self, url: str) -> str:
        try:
            return str(self.app.url_map.bind("localhost").match(urlsplit(url).path)[0])
        except HTTPException:
            return ""

    def ask(self, name: str) -> float:
        """Milliseconds of one request."""
        page = self.pages[name]
        started = time.perf_counter()
        response = page.site.client.get(page.url)
        taken = (time.perf_counter() - started) * 1000
        assert response.status_code == 200, f"{page.url}: {response.status_code}"
        return taken

    def queries(self, name: str) -> list[tuple[str, Any]]:
        """The statements of one request, each with its parameters."""
        asked: list[tuple[str, Any]] = []

        def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_others: Any) -> None:
            if not statement.startswith(NOT_COUNTED):
                asked.append((statement, parameters))

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
    both = sorted(small.pages.keys() & large.pages.keys())
    times: dict[str, list[tuple[float, float]]] = {name: [] for name in both}
    for _ in range(RUNS):
        for name, taken in times.items():
            taken.extend([(small.ask(name), large.ask(name)) for _ in range(WARM + ROUNDS)][WARM:])
    found = []
    for name, taken in times.items():
        few, many = _medians(taken)
        if many > few * MOST_GROWTH:
            # Of so many pages some meet a busy moment: what seems to have grown is asked three times as often.
            few, many = _medians([(small.ask(name), large.ask(name)) for _ in range(3 * RUNS * ROUNDS)])
        one = Measured(kind, name, few, many, len(large.queries(name)))
        found.append(one)
        print(f"{kind:10} {name:40} {few:6.1f} ms {many:6.1f} ms  × {one.growth:.2f}  {one.queries:2} queries")
    return found


def _medians(taken: list[tuple[float, float]]) -> tuple[float, float]:
    return median(few for few, _many in taken), median(many for _few, many in taken)


def main(large: int = 1_000_000, small: int = 10_000) -> dict[str, Any]:
    """Measure on both databases."""
    few, many = f"statewide-{small}", f"statewide-{large}"
    found = _both((servers.embedded(few), small), (servers.embedded(many), large))
    with servers.postgresql(few) as lesser, servers.postgresql(many) as greater:
        found += _both((lesser, small), (greater, large), plans.record)
    narrowed = [one for one in found if "?" in one.name]
    worst = max((one for one in found if one not in narrowed), key=lambda one: one.growth)
    return {
        "over_limit": sorted({one.name for one in found if one not in narrowed and one.growth > MOST_GROWTH}),
        "worst_growth": round(worst.growth, 2),
        "worst_page": f"{worst.name} ({worst.kind})",
        "most_queries": max(one.queries for one in found),
        "slowest_ms": round(max(one.large_ms for one in found if one not in narrowed), 1),
        "slowest_narrowed_ms": round(max(one.large_ms for one in narrowed), 1),
        "pages": len({one.name for one in found}),
        "recipients": large,
    }


def _both(
    small: tuple[Database, int], large: tuple[Database, int], record: Callable[[State], None] | None = None
) -> list[Measured]:
    with opened(*small) as few, opened(*large) as many:
        if record is not None:
            record(many)
        return compare(few, many)
