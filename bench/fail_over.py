"""Two web servers and two workers on one PostgreSQL with a standby; the server is killed under load and the standby takes over.

Run: python -m bench fail_over [seconds of work before and after] [seed]. Settings and scripts are those of deploy/postgresql/. Everything that
was confirmed before the kill must be there afterwards: a commit is confirmed when the standby has it. Every request of a visitor goes
to the other web server than the one before. At the end the old server is made a standby of the new one.
"""

import itertools
import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

from bench.at_the_desk import AtTheDesk
from bench.crash import PATIENCE, Clerk, Letters, SlowMailbox, settle
from bench.installation import Installation, installation
from bench.journal import Journal, Reckoning, reckon
from bench.services import ROOT, Postgres, wait_for
from bench.visitor import Answer

CLERKS = 4
WRONG_TRIES = 8


def settings_of_primary(archive: Path) -> str:
    """deploy/postgresql/primary.conf for this machine: the log is kept in that folder."""
    text = (ROOT / "deploy" / "postgresql" / "primary.conf").read_text()
    return text.replace("/srv/cvms", str(ROOT)).replace("/backup/wal", str(archive))


def make_primary() -> Postgres:
    """A server that takes writes; it is not started yet."""
    made = Postgres()
    made.make()
    archive = made.folder / "wal"
    archive.mkdir(mode=0o777)
    archive.chmod(0o777)
    made.configure(settings_of_primary(archive))
    return made


def make_standby(of: Postgres, name: str) -> Postgres:
    """A server that follows and is started."""
    made = Postgres()
    made.script("make-standby.sh", of.url("postgres"), made.data, name)
    made.start()
    return made


@contextmanager
def pair() -> Iterator[tuple[Postgres, Postgres]]:
    """A server and the standby that it waits for. Both are thrown away at the end."""
    primary, standby = make_primary(), None
    try:
        primary.start()
        standby = make_standby(primary, "standby_a")
        wait_for(lambda: is_followed(primary), "the standby")
        yield primary, standby
    finally:
        for server in filter(None, (standby, primary)):
            server.throw_away()


def is_followed(server: Postgres) -> bool:
    """Whether commits wait for a standby that is there."""
    with psycopg.connect(server.url("postgres")) as connection:
        states = connection.execute("SELECT sync_state FROM pg_stat_replication WHERE state = 'streaming'").fetchall()
    return any(state in {"quorum", "sync"} for (state,) in states)


def either(*servers: Postgres) -> str:
    """The address that leads to whichever takes writes."""
    ports = ",".join(f"127.0.0.1:{server.port}" for server in servers)
    return f"postgresql://postgres@{ports}/postgres?target_session_attrs=read-write"


def throttled_on_both(here: Installation) -> bool:
    """Whether wrong passwords that were tried on one machine and on the other are counted together."""
    desk = here.desks[-1]
    at = AtTheDesk(here.visitor(number=9_999), desk)
    path = "/account/sign-in/provider"
    answer: Answer | None = None
    for _ in range(WRONG_TRIES + 1):
        _, hidden = at.open(path).form()
        answer = at.visitor.post(path, [*hidden, ("name", desk.username), ("password", "wrong")])
    at.visitor.leave()
    return answer is not None and "Too many" in answer.text


def take_over(primary: Postgres, standby: Postgres, journal: Journal) -> float:
    """Kill the one and promote the other; seconds until somebody has a confirmation again."""
    began = time.monotonic()
    primary.kill()
    standby.script("fail-over.sh", primary.url("postgres"), standby.data, standby.url("postgres"))
    before = journal.count
    wait_for(lambda: journal.count > before, "an act after the standby took over")
    return time.monotonic() - began


def measure(seconds: int, seed: int) -> tuple[Reckoning, dict[str, Any]]:
    """What is wrong afterwards, and figures."""
    mailbox = SlowMailbox()
    with (
        pair() as (primary, standby),
        installation("postgresql", mailbox, clinics_=2, staff=3, people=4_000, url=either(primary, standby)) as here,
    ):
        here.add_node()
        here.start()
        counted = throttled_on_both(here)
        journal, letters = Journal(here.folder / "journal"), Letters(mailbox)
        numbers, patients = itertools.count(), itertools.count()
        clerks = [Clerk(here, desk, journal, letters, numbers, patients, seed) for desk in here.desks[:CLERKS]]
        for clerk in clerks:
            clerk.start()
        for clerk in clerks:
            clerk.signed_in.wait(PATIENCE)
        try:
            time.sleep(seconds)
            confirmed = journal.count
            away = take_over(primary, standby, journal)
            time.sleep(seconds)
        finally:
            for clerk in clerks:
                clerk.stopping.set()
        for clerk in clerks:
            clerk.join(PATIENCE)
            if clerk.broke is not None:
                raise clerk.broke
        again = _follow_again(primary, standby)
        here.stop()
        settle(here)
        with here.machines.database.reading() as session:
            found = reckon(session, journal, mailbox)
        here.machines.database.dispose()
    return found, {
        "confirmed_before": confirmed, "confirmed": journal.count, "away_s": round(away, 1), "throttled_together": counted,
        "follows_again": again, "lost": len(found.lost), "doubled": len(found.doubled), "wrong": len(found.wrong),
    }  # fmt: skip


def _follow_again(old: Postgres, new: Postgres) -> bool:
    """The old machine follows the new server, which waits for it as before."""
    follower = make_standby(new, "standby_b")
    try:
        with psycopg.connect(new.url("postgres"), autocommit=True) as connection:
            connection.execute("ALTER SYSTEM RESET synchronous_standby_names")
            connection.execute("SELECT pg_reload_conf()")
        wait_for(lambda: is_followed(new), "the old machine as a standby")
        with psycopg.connect(new.url("postgres"), autocommit=True) as connection:
            connection.execute("ALTER SYSTEM SET synchronous_standby_names = ''")
            connection.execute("SELECT pg_reload_conf()")
        return not old.answers()
    finally:
        follower.throw_away()


def main(seconds: int = 20, seed: int = 0) -> dict[str, Any]:
    """Figures. Raises SystemExit where anything confirmed is missing or doubled."""
    seed = seed or random.SystemRandom().randrange(1, 1_000_000)
    found, figures = measure(seconds, seed)
    for line in (*found.lost, *found.doubled, *found.wrong)[:40]:
        print(line)
    if found.lost or found.doubled or found.wrong or not figures["throttled_together"]:
        raise SystemExit(f"seed {seed}: {figures}")
    return figures | {"seed": seed}
