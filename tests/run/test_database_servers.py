"""PostgreSQL as docs/operations.md runs it for a state: a standby takes over, and a moment of the past is brought back."""

import os
import subprocess
import time
from datetime import UTC, datetime

import psycopg
import pytest

from app.domain.providers.models import Location
from app.infra.db import Database
from bench.clinics import furnish
from bench.fail_over import make_primary, measure
from bench.services import CVMS, ROOT, SECRET, Postgres, wait_for
from tests.make.inventory import lot as make_lot

pytestmark = pytest.mark.once


def test_a_standby_takes_over_and_nothing_confirmed_is_lost():
    found, figures = measure(6, seed=1)
    assert (found.lost, found.doubled, found.wrong) == ([], [], [])
    assert figures["throttled_together"]
    assert figures["follows_again"]
    assert figures["confirmed"] > figures["confirmed_before"] > 0


@pytest.fixture
def server():
    """One that keeps its log elsewhere and waits for no standby."""
    made = make_primary()
    made.configure("synchronous_standby_names = ''")
    made.start()
    yield made
    made.throw_away()


def lots(url):
    with psycopg.connect(url) as connection:
        return {number for (number,) in connection.execute("SELECT number FROM lot")}


def cvms(url, folder, *command):
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    environment = kept | {"DATABASE_URL": url, "SECRET_KEY": SECRET, "CVMS_INSTANCE": str(folder)}
    done = subprocess.run([*CVMS, *command], cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def archived(server):
    with psycopg.connect(server.url("postgres"), autocommit=True) as connection:
        last = connection.execute("SELECT pg_walfile_name(pg_switch_wal())").fetchone()[0]
    wait_for((server.folder / "wal" / last).exists, "the last piece of the log")


def test_the_moment_before_a_mistake_is_brought_back(server, tmp_path):
    database = Database(server.url("postgres"))
    place_id = furnish(database, clinics=1, staff=1, people=20)[0].location_id

    def receive(number):
        with database.session(write=True) as session:
            make_lot(session, session.get_one(Location, place_id), number=number)

    backups = server.folder / "backups"
    backups.mkdir()
    backups.chmod(0o777)
    receive("BEFORE-COPY")
    copy = server.script("base-backup.sh", server.url("postgres"), backups)
    receive("AFTER-COPY")
    time.sleep(0.1)
    moment = datetime.now(UTC)
    time.sleep(0.1)
    receive("MISTAKE")
    with psycopg.connect(server.url("postgres")) as connection:
        connection.execute("DROP TABLE outbox_message")
    archived(server)
    database.dispose()
    server.kill()
    back = Postgres()
    try:
        back.script("restore-to.sh", copy, server.folder / "wal", back.data, moment.isoformat())
        back.start()
        wait_for(lambda: not is_recovering(back), "the end of the recovery")
        assert lots(back.url("postgres")) == {"FIRST0", "BEFORE-COPY", "AFTER-COPY"}
        assert "no dose is lost" in cvms(back.url("postgres"), tmp_path, "verify-stock")
        with psycopg.connect(back.url("postgres")) as connection:
            assert connection.execute("SELECT count(*) FROM outbox_message").fetchone() == (0,)
    finally:
        back.throw_away()


def is_recovering(server):
    with psycopg.connect(server.url("postgres")) as connection:
        return connection.execute("SELECT pg_is_in_recovery()").fetchone()[0]
