"""What was backed up while somebody wrote is restored to the last row and file, or nothing is."""

import json
import shutil
import threading
from contextlib import ExitStack
from datetime import UTC, datetime
from uuid import UUID

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import inspect, text

from app import factory
from app.domain.uploads.models import Upload
from app.infra import backup
from app.infra.backup.take import KEYS
from app.infra.db import Base
from tests import make
from tests.conftest import empty_database, settings_for

NOW = datetime(2021, 3, 10, 15, 0, tzinfo=UTC)


@pytest.fixture
def places(database_kind, request, tmp_path, keys):
    """An installation in use, and an empty machine to restore to."""
    with ExitStack() as stack:
        opened = []
        for name in ("used", "new"):
            (tmp_path / name).mkdir()
            url = stack.enter_context(empty_database(database_kind, request, tmp_path / name))
            opened.append(factory.make_machines(settings_for(tmp_path / name, url)))
        yield opened
        for machines in opened:
            machines.queue.close()
            machines.database.dispose()


def everything(machines):
    """Every row of every table, and every file."""
    with machines.database.reading() as session:
        names = sorted(inspect(session.connection()).get_table_names())
        rows = {
            name: sorted(map(repr, session.execute(text(f'SELECT * FROM "{name}"')).all()))
            for name in names if not name.startswith("huey")
        }  # fmt: skip
    root = machines.settings.storage_dir
    return rows, {str(path.relative_to(root)): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def upload(machines, account_id):
    """A file and then its row, as a page does it."""
    key = machines.storage.put("uploads", b"Maria Lopez, 1941")
    with machines.database.transaction() as session:
        session.add(
            Upload(
                scope_kind="organization", scope_id=UUID(int=1), filename="people.xlsx", sha256="0" * 64, storage_key=key,
                sent_by_id=account_id, sent_at=NOW, attested_name="Ada Moore", attestation="2021-01",
            )
        )  # fmt: skip
    return key


def test_a_backup_taken_while_somebody_writes_is_restored_to_the_last_row_and_file(places, tmp_path):
    used, new = places
    with used.database.session(write=True) as session:
        account_id = make.administrator(session).id
        session.commit()
    before = [upload(used, account_id) for _ in range(20)]
    stop, written = threading.Event(), threading.Event()

    def write() -> None:
        while not stop.is_set():
            upload(used, account_id)
            written.set()

    writer = threading.Thread(target=write)
    writer.start()
    assert written.wait(10)
    manifest = backup.take(used.database, used.settings.storage_dir, tmp_path / "backup", now=NOW)
    stop.set()
    writer.join()
    backup.restore(new.database, new.settings.storage_dir, tmp_path / "backup", replace=True)
    rows, files = everything(new)
    for row_key in keys_of(new):
        assert new.storage.get(row_key) == b"Maria Lopez, 1941"
    assert set(before) < set(keys_of(new)) <= set(keys_of(used))
    assert len(files) == len(manifest.entries) - 1

    backup.restore(used.database, used.settings.storage_dir, tmp_path / "backup", replace=True)
    assert everything(used) == (rows, files)
    upload(used, account_id)
    assert len(rows) >= len(Base.metadata.tables)
    with used.database.reading() as session, new.database.reading() as other:
        assert _objects(session) == _objects(other)


def keys_of(machines):
    with machines.database.reading() as session:
        return list(session.scalars(text("SELECT storage_key FROM upload")))


def _objects(session):
    """Triggers and indexes."""
    if session.get_bind().dialect.name == "sqlite":
        return sorted(map(repr, session.execute(text("SELECT type, name, sql FROM sqlite_master"))))
    found = session.execute(text("SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'")).all()
    found += session.execute(text("SELECT tgname, tgrelid::regclass::text FROM pg_trigger WHERE NOT tgisinternal")).all()
    return sorted(map(repr, found))


def test_what_cannot_be_restored_whole_changes_nothing(places, tmp_path):
    used, new = places
    with used.database.session(write=True) as session:
        account_id = make.administrator(session).id
        session.commit()
    key = upload(used, account_id)
    good = tmp_path / "backup"
    backup.take(used.database, used.settings.storage_dir, good, now=NOW)
    was = everything(new)

    def refused(folder, *, replace=True):
        with pytest.raises(backup.BadBackup) as told:
            backup.restore(new.database, new.settings.storage_dir, folder, replace=replace)
        assert everything(new) == was
        return str(told.value)

    def spoiled(path, content):
        folder = tmp_path / "spoiled"
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(good, folder)
        if content is None:
            (folder / path).unlink()
        else:
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(content)
        return folder

    file = f"files/{key}"
    manifest = json.loads((good / "manifest.json").read_text())
    assert "--replace" in refused(good, replace=False)
    assert "missing" in refused(spoiled(file, None))
    assert "not as it was" in refused(spoiled(file, (good / file).read_bytes()[:-1] + b"#"))
    assert "not backed up" in refused(spoiled("files/uploads/aa/" + "a" * 32, b"more"))
    assert "no backup" in refused(spoiled("manifest.json", None))
    for change, words in (
        ({"revision": "9999"}, "later version"),
        ({"kind": "another"}, "is of another"),
        ({"entries": manifest["entries"] | {"files/../../up": [0, ""]}}, "no backup holds"),
        ({"sealed": Fernet(Fernet.generate_key()).encrypt(b"").decode()}, "ENCRYPTION_KEYS"),
    ):
        assert words in refused(spoiled("manifest.json", json.dumps(manifest | change).encode()))
    name = manifest["database"]
    broken = (good / name).read_bytes()[:20_000]
    if new.database.is_sqlite:
        with new.database.reading() as session:
            session.execute(text("SELECT 1 FROM account")).all()
            assert "in use" in refused(good)
    else:
        entries = manifest["entries"] | {name: [len(broken), backup.manifest.hash_of(_write(tmp_path / "cut", broken))]}
        folder = spoiled(name, broken)
        (folder / "manifest.json").write_text(json.dumps(manifest | {"entries": entries}))
        assert "pg_restore failed" in refused(folder)


def _write(path, content):
    path.write_bytes(content)
    return path


def test_a_backup_in_which_a_file_would_be_missing_is_none(places, tmp_path):
    used, _ = places
    with used.database.session(write=True) as session:
        account_id = make.administrator(session).id
        session.commit()
    used.storage.delete(upload(used, account_id))
    with pytest.raises(backup.BadBackup, match="1 files that rows name are missing"):
        backup.take(used.database, used.settings.storage_dir, tmp_path / "backup", now=NOW)
    assert list(tmp_path.glob("backup*")) == []


@pytest.mark.once
def test_every_column_that_names_a_file_is_known():
    named = {column.name for table in Base.metadata.tables.values() for column in table.columns}
    assert {name for name in named if name.endswith("_key")} - {"name_key", "sound_key"} == KEYS
