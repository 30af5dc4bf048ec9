"""A workbook of 5,000 people against 1,000,000 on record, from the file to every row's fate, on both databases.

Run: python -m bench upload [people on record]. The databases are built once and kept under instance/bench/; each
round uploads other people, in a process of its own, whose largest size in memory is told by the system.
"""

import time
from multiprocessing import get_context
from multiprocessing.queues import SimpleQueue
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from cryptography.fernet import Fernet
from sqlalchemy import event, func, select
from sqlalchemy.orm import Session

from app import factory
from app.domain.accounts.access import Actor, GrantedRole, Role
from app.domain.accounts.models import Account
from app.domain.recipients.recipient_rows import open_recipient_file
from app.domain.recipients.settle_upload import settle_upload
from app.domain.uploads.models import Upload, UploadRow
from app.domain.uploads.uploads import TakeUpload, take_upload
from app.infra import crypto
from app.infra.clock import now
from app.infra.db import Database
from app.infra.storage import FolderStorage
from bench import people, servers

ROWS, ROUNDS = 5_000, 3
PLACES = [UUID(int=number) for number in range(1, 41)]
SENDER = UUID(int=1_000)
ZONE = ZoneInfo("America/New_York")


class Locks:
    """How long each writing transaction kept others from writing, in milliseconds."""

    def __init__(self, database: Database) -> None:
        self.held: list[float] = []
        self._since = 0.0
        event.listen(database.engine, "begin", self._begin)
        event.listen(Session, "after_commit", self._end)

    def _begin(self, connection: Any) -> None:
        self._since = time.perf_counter() if connection.get_execution_options().get("write") else 0.0

    def _end(self, _session: Session) -> None:
        if self._since:
            self.held.append((time.perf_counter() - self._since) * 1000)


def settle(url: str, data: bytes, answer: "SimpleQueue[dict[str, Any]]") -> None:
    """Take one file and settle it, as a portal and the worker do; puts the figures into `answer`."""
    factory.import_models()
    crypto.configure((Fernet.generate_key().decode(),))
    database = Database(url)
    actor = Actor("person", SENDER, (GrantedRole(Role.LOCATION_MANAGER, "location", PLACES[0]),))
    with TemporaryDirectory() as folder, database.reading() as warm:
        warm.scalar(select(func.count(Upload.id)))
        warm.rollback()
        storage, locks = FolderStorage(Path(folder)), Locks(database)
        started = time.perf_counter()
        rows = open_recipient_file(data, filename="people.xlsx").row_count
        with database.transaction() as session:
            command = TakeUpload("location", PLACES[0], "people.xlsx", data, rows, "Ann Lee", send_again=True)
            upload_id = take_upload(session, actor, storage, command, now=now()).id
        settle_upload(database, storage, upload_id, zone=ZONE)
        seconds = time.perf_counter() - started
        upload = warm.get_one(Upload, upload_id)
        fates = warm.scalar(select(func.count(UploadRow.id)).where(UploadRow.upload_id == upload_id))
    assert (fates, upload.status) == (ROWS, "done"), (fates, upload.status)
    answer.put(
        {
            "seconds": seconds, "lock_ms": max(locks.held), "mb": largest_mb(), "created": upload.created_count,
            "present": upload.present_count, "held": upload.held_count, "mistaken": upload.mistaken_count,
        }
    )  # fmt: skip
    database.dispose()


def measure(database: Database, count: int) -> list[dict[str, Any]]:
    """The figures of each round on a database with so many people on record."""
    people.build(database, count, PLACES)
    with database.transaction() as session:
        if session.get(Account, SENDER) is None:
            session.add(Account(id=SENDER, first_name="Ann", last_name="Lee", created_at=now()))
        sent = session.scalar(select(func.count(Upload.id))) or 0
    kind, rounds, own = database.engine.dialect.name, [], get_context("spawn")
    for number in range(ROUNDS):
        data = people.workbook(ROWS, seed=1 + sent + number, known=count)
        answer = own.SimpleQueue()
        process = own.Process(target=settle, args=(database.url, data, answer))
        process.start()
        process.join()
        if process.exitcode:
            raise SystemExit(f"the round on {kind} broke")
        found = answer.get()
        rounds.append(found)
        print(
            kind, *(f"{name} {value:,.0f}" if name != "seconds" else f"{value:.2f} s" for name, value in found.items())
        )
    return rounds


def main(count: int = 1_000_000) -> dict[str, Any]:
    """Measure on both; `count` people are on record."""
    factory.import_models()
    sqlite = measure(servers.embedded(f"people-{count}"), count)
    with servers.postgresql(f"people-{count}") as server:
        postgresql = measure(server, count)
    both = sqlite + postgresql
    return {
        "sqlite_seconds": round(median(found["seconds"] for found in sqlite), 2),
        "postgresql_seconds": round(median(found["seconds"] for found in postgresql), 2),
        "peak_mb": round(max(found["mb"] for found in both)),
        "longest_lock_ms": round(max(found["lock_ms"] for found in both)),
        "rows": ROWS,
        "people": count,
    }


def largest_mb() -> float:
    """The most memory that this process ever had, as the system counts it."""
    status = Path("/proc/self/status").read_text()
    kilobytes = next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM"))
    return int(kilobytes) / 1024
