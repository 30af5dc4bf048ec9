"""Everything encrypted, under the newest key of the ring. Can be interrupted and run again."""

from pathlib import Path

from sqlalchemy import LargeBinary, Table, bindparam, select, type_coerce, update

from app.infra import crypto
from app.infra.crypto import EncryptedJson
from app.infra.db import Base, Database

PORTION = 500


def rotate_everything(database: Database, storage_dir: Path, *, portion: int = PORTION) -> tuple[int, int]:
    """Encrypt anew all encrypted columns and files. Returns how many values and how many files."""
    values = sum(
        _rotate_column(database, table, column.name, portion)
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, EncryptedJson)
    )
    files = 0
    for path in sorted(storage_dir.rglob("*")):
        if path.is_file() and path.suffix != ".partial":
            files += _rotate_file(path)
    return values, files


def _rotate_file(path: Path) -> bool:
    """False for a file that was deleted meanwhile, which stays deleted."""
    moved = path.with_suffix(".partial")
    try:
        moved.write_bytes(crypto.rotate(path.read_bytes()))
    except FileNotFoundError:
        return False
    if not path.exists():
        moved.unlink()
        return False
    moved.rename(path)
    return True


def _rotate_column(database: Database, table: Table, name: str, portion: int) -> int:
    """In portions by key, each a short transaction, so that the pages go on.

    Rows are locked while they are moved: what a page writes meanwhile would be overwritten with what was read before.
    """
    (key,), raw = table.primary_key.columns, type_coerce(table.c[name], LargeBinary)
    last, count = None, 0
    while True:
        with database.transaction() as session:
            query = select(key, raw).where(table.c[name].is_not(None)).order_by(key).limit(portion).with_for_update()
            rows = session.execute(query if last is None else query.where(key > last)).all()
            if not rows:
                return count
            session.connection().execute(
                update(table).where(key == bindparam("row")).values({name: type_coerce(bindparam("new"), LargeBinary)}),
                [{"row": row_id, "new": crypto.rotate(bytes(old))} for row_id, old in rows],
            )
        last, count = rows[-1][0], count + len(rows)
