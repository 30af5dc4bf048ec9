"""Databases to measure on: one file of SQLite, and a PostgreSQL server of our own that is thrown away."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app.infra.db import Database

CACHE = Path("instance/bench")
_SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "listen_addresses": "",
    "shared_buffers": "1GB",
    "maintenance_work_mem": "512MB",
    "max_wal_size": "4GB",
    "autovacuum": "off",
    "jit": "off",
}


def embedded(name: str) -> Database:
    """The SQLite database instance/bench/<name>.sqlite, made where missing. Tables are the caller's."""
    CACHE.mkdir(parents=True, exist_ok=True)
    return Database(f"sqlite:///{(CACHE / name).absolute()}.sqlite")


@contextmanager
def postgresql(name: str) -> Iterator[Database]:
    """A server on the folder instance/bench/<name>.postgresql, made where it is missing, stopped at the end.

    Raises FileNotFoundError where PostgreSQL is not installed.
    """
    programs = _programs()
    folder = (CACHE / f"{name}.postgresql").absolute()
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="cvms-bench-") as sockets:
        if os.getuid() == 0:
            shutil.chown(sockets, "postgres")
        if not (folder / "PG_VERSION").exists():
            _make(programs, folder)
        options = " ".join(f"-c {key}='{value}'" for key, value in _SETTINGS.items())
        log = Path(sockets) / "log"
        _run(programs / "pg_ctl", "-D", folder, "-w", "-l", log, "-o", f"{options} -k {sockets}", "start")
        database = Database(f"postgresql://postgres@/postgres?host={sockets}")
        try:
            yield database
        finally:
            database.dispose()
            _run(programs / "pg_ctl", "-D", folder, "-m", "fast", "-w", "stop")


def _programs() -> Path:
    if found := shutil.which("initdb"):
        return Path(found).parent
    packaged = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if not packaged:
        raise FileNotFoundError("PostgreSQL is not installed: apt-get install postgresql")
    return packaged[-1].parent


def _make(programs: Path, folder: Path) -> None:
    folder.mkdir(exist_ok=True)
    folder.chmod(0o700)
    if os.getuid() == 0:
        shutil.chown(folder, "postgres")
    _run(
        programs / "initdb",
        "-D",
        folder,
        "-U",
        "postgres",
        "-A",
        "trust",
        "-E",
        "UTF8",
        "--locale=C.UTF-8",
        "-N",
    )


def _run(*command: str | Path) -> None:
    as_owner = {"user": "postgres", "group": "postgres", "extra_groups": []} if os.getuid() == 0 else {}
    subprocess.run(
        [str(part) for part in command],
        check=True,
        stdout=subprocess.DEVNULL,
        cwd="/",
        timeout=120,
        **as_owner,
    )
