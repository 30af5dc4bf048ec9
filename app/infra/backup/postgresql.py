"""PostgreSQL: dumped and put back by the server's own programs, whose version must be the server's or later."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from sqlalchemy import Connection, text

from app.infra.addresses import without_password
from app.infra.backup.manifest import BadBackup
from app.infra.db import Database

FILE = "database.dump"
_TABLES = "SELECT count(*) FROM pg_tables WHERE schemaname = 'public' AND tablename NOT LIKE 'huey%'"
_EMPTY_IT = """
SET lock_timeout = '10s';
DO $$ DECLARE one record; BEGIN
  FOR one IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
    EXECUTE format('DROP TABLE public.%I CASCADE', one.tablename);
  END LOOP;
  FOR one IN SELECT sequencename FROM pg_sequences WHERE schemaname = 'public' LOOP
    EXECUTE format('DROP SEQUENCE public.%I CASCADE', one.sequencename);
  END LOOP;
  FOR one IN SELECT p.oid::regprocedure AS name FROM pg_proc p WHERE p.pronamespace = 'public'::regnamespace
      AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e') LOOP
    EXECUTE format('DROP ROUTINE %s CASCADE', one.name);
  END LOOP;
  FOR one IN SELECT typname FROM pg_type WHERE typnamespace = 'public'::regnamespace AND typtype IN ('e', 'd') LOOP
    EXECUTE format('DROP TYPE public.%I CASCADE', one.typname);
  END LOOP;
END $$;
"""


@contextmanager
def moment(database: Database) -> Iterator[Connection]:
    """A connection that sees the database as it is now, until the block ends."""
    with database.engine.execution_options(isolation_level="REPEATABLE READ").connect() as connection:
        yield connection


def snapshot(database: Database, seen: Connection, target: Path) -> None:
    """Dump what that connection sees. Raises BadBackup when pg_dump fails or is missing."""
    name = str(seen.scalar(text("SELECT pg_export_snapshot()")))
    target.touch(mode=0o600)
    options = ["--format=custom", "--no-owner", "--no-privileges", f"--snapshot={name}", f"--file={target}"]
    _run(database, "pg_dump", options)


def server_version(seen: Connection) -> str:
    """Such as 15.8."""
    return str(seen.scalar(text("SHOW server_version"))).split()[0]


def is_empty(database: Database) -> bool:
    """True where there are no tables but the queue's. Raises BadBackup when the server cannot be reached."""
    try:
        with psycopg.connect(database.url) as connection:
            found = connection.execute(_TABLES).fetchone()
    except psycopg.Error as error:
        raise BadBackup(f"The database cannot be reached: {error}") from error
    return found == (0,)


def put_back(database: Database, source: Path, script: Path) -> None:
    """Replace everything in the database by the dump, in one transaction. Raises BadBackup; then nothing changed.

    `script` is where the dump is laid out as statements meanwhile: a pipe that broke would look like its end.
    """
    database.dispose()
    script.touch(mode=0o600)
    try:
        options = ["--no-owner", "--no-privileges", "--no-comments", f"--file={script}", str(source)]
        _run(database, "pg_restore", options, connects=False)
        options = ["--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1", f"--output={os.devnull}"]
        _run(database, "psql", [*options, f"--command={_EMPTY_IT}", f"--file={script}"])
    finally:
        script.unlink()


def _run(database: Database, program: str, options: list[str], *, connects: bool = True) -> None:
    """Run one of the server's programs; the password is in its environment, where other users cannot read it."""
    (plain, password), environment = without_password(database.url), dict(os.environ)
    if password:
        environment["PGPASSWORD"] = password
    found = shutil.which(program)
    if found is None:
        raise BadBackup(f"{program} is not installed. It comes with the package postgresql-client.")
    command = [found, *options, *([f"--dbname={plain}"] if connects else [])]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)
    if done.returncode:
        raise BadBackup(f"{program} failed: {done.stderr.strip()}")
