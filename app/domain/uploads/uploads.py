"""Taking a file, claiming it for work, and noting the fate of its rows."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Select, insert, or_, select, update
from sqlalchemy.orm import Session

from app.domain.accounts.access import Actor, Permission
from app.domain.errors import NotFound, Refusal
from app.domain.uploads.models import Upload, UploadRow
from app.infra import audit, outbox
from app.infra.db import Database, new_id
from app.infra.leases import ran_out
from app.infra.paging import Slice
from app.infra.storage import FolderStorage

LEASE = timedelta(seconds=60)
MOST_TRIES = 5
ATTESTATION = "2021-01"
NEEDS = {"location": Permission.UPLOAD_RECIPIENTS, "organization": Permission.UPLOAD_PEOPLE}


class SentBefore(Refusal):
    """The very same file was sent by this place before."""

    def __init__(self, earlier: Upload) -> None:
        super().__init__()
        self.earlier = earlier


@dataclass(frozen=True, slots=True)
class TakeUpload:
    """A file that was read once already, so that it is known to be readable. `rows_total` are its rows."""

    scope_kind: str
    scope_id: UUID
    filename: str
    data: bytes
    rows_total: int
    attested_name: str
    send_again: bool = False


@dataclass(frozen=True, slots=True)
class Settled:
    """The fate of one row: created, present, held or mistaken."""

    number: int
    fate: str
    subject_id: UUID | None = None
    cells: dict[str, str] | None = None
    mistakes: list[list[str]] | None = None


def take_upload(
    session: Session, actor: Actor, storage: FolderStorage, command: TakeUpload, *, now: datetime
) -> Upload:
    """Keep the file and the attestation; its rows are settled afterwards.

    Raises SentBefore for a file that this place sent before, unless it is to be sent again.
    """
    actor.require(NEEDS[command.scope_kind], at=command.scope_id)
    digest = hashlib.sha256(command.data).hexdigest()
    earlier = session.scalar(
        select(Upload)
        .where(Upload.scope_id == command.scope_id, Upload.sha256 == digest)
        .order_by(Upload.id.desc())
        .limit(1)
    )
    if earlier is not None and not command.send_again:
        raise SentBefore(earlier)
    upload = Upload(
        scope_kind=command.scope_kind, scope_id=command.scope_id, filename=command.filename[-255:], sha256=digest,
        storage_key=storage.put("uploads", command.data), sent_by_id=actor.id, sent_at=now,
        attested_name=command.attested_name, attestation=ATTESTATION, rows_total=command.rows_total,
    )  # fmt: skip
    session.add(upload)
    session.flush()
    audit.record(
        session, actor_kind=actor.kind, actor_id=actor.id, act="upload.sent", subject_kind="upload",
        subject_id=upload.id, place_id=command.scope_id, now=now, rows=command.rows_total,
    )  # fmt: skip
    return upload


def uploads_visible_to(actor: Actor) -> Select[Upload]:
    """The one door to uploads: those of the places for which the actor may upload."""
    query = select(Upload)
    if actor.kind == "system":
        return query
    places = actor.places(Permission.UPLOAD_RECIPIENTS) | actor.places(Permission.UPLOAD_PEOPLE)
    return query.where(Upload.scope_id.in_(places))


def get_upload(session: Session, actor: Actor, scope_id: UUID, upload_id: UUID) -> Upload:
    """One upload of a place. Raises NotFound."""
    found = session.scalar(uploads_visible_to(actor).where(Upload.id == upload_id, Upload.scope_id == scope_id))
    if found is None:
        raise NotFound(upload_id)
    return found


def find_upload(session: Session, upload_id: UUID) -> Upload | None:
    """One upload by its key, for the mail about it. For jobs only: pages go through the door."""
    return session.get(Upload, upload_id)


def list_uploads(session: Session, actor: Actor, scope_id: UUID, *, after: str | None, size: int = 25) -> Slice[Upload]:
    """The uploads of a place, newest first."""
    query = uploads_visible_to(actor).where(Upload.scope_id == scope_id).order_by(Upload.id.desc()).limit(size + 1)
    key = _as_id(after)
    if key:
        query = query.where(Upload.id < key)
    found = list(session.scalars(query))
    return Slice(found[:size], str(found[size - 1].id) if len(found) > size else None)


def list_rows(
    session: Session, upload: Upload, fate: str, *, after: str | None = None, size: int = 100
) -> Slice[UploadRow]:
    """Rows of one fate in the order of the file. The caller came through the door to the upload."""
    start = int(after) if after and after.isdecimal() and len(after) < 10 else 0
    found = list(
        session.scalars(
            select(UploadRow)
            .where(UploadRow.upload_id == upload.id, UploadRow.fate == fate, UploadRow.number > start)
            .order_by(UploadRow.number)
            .limit(size + 1)
        )
    )
    return Slice(found[:size], str(found[size - 1].number) if len(found) > size else None)


def fates_of(session: Session, upload: Upload) -> dict[int, str]:
    """The fate of every settled row by its number."""
    rows = session.execute(select(UploadRow.number, UploadRow.fate).where(UploadRow.upload_id == upload.id))
    return {number: fate for number, fate in rows}  # noqa: C416 -- a Result is not a mapping for dict()


def get_row(session: Session, upload: Upload, row_id: UUID) -> UploadRow:
    """One row of the upload. Raises NotFound."""
    found = session.scalar(select(UploadRow).where(UploadRow.upload_id == upload.id, UploadRow.id == row_id))
    if found is None:
        raise NotFound(row_id)
    return found


def claim(database: Database, *, now: datetime, upload_id: UUID | None = None) -> Upload | None:
    """Lease one upload with rows to settle (that one, if given) to the caller; None when there is none."""
    with database.transaction() as session:
        due = _due(now).limit(1)
        if upload_id is not None:
            due = due.where(Upload.id == upload_id)
        if not database.is_sqlite:
            due = due.with_for_update(skip_locked=True)
        found = session.scalar(due)
        if found is None:
            return None
        session.execute(update(Upload).where(Upload.id == found).values(status="working", leased_until=now + LEASE))
        upload = session.get_one(Upload, found)
        upload.started_at = upload.started_at or now
        return upload


def due_uploads(database: Database, *, now: datetime) -> list[UUID]:
    """Uploads with rows to settle that nobody works on, oldest first."""
    with database.reading() as session:
        return list(session.scalars(_due(now).limit(100)))


def note_failed_try(database: Database, upload_id: UUID, trouble: str, *, now: datetime) -> bool:
    """Something broke while rows were settled. True when it is given up now, with `trouble` as its sentence."""
    with database.transaction() as session:
        tries = session.scalar(
            update(Upload)
            .where(Upload.id == upload_id, Upload.status == "working")
            .values(failed_tries=Upload.failed_tries + 1)
            .returning(Upload.failed_tries)
        )
        if tries is None or tries < MOST_TRIES:
            return False
        finish(session, upload_id, now=now, trouble=trouble)
        outbox.publish(session, "uploads.finished", now=now, about=upload_id, upload_id=str(upload_id))
    return True


def advance(session: Session, upload_id: UUID, expected: int, rows: list[Settled], *, now: datetime) -> bool:
    """Note the fates of the next rows. False when somebody else settled them meanwhile: then nothing may be kept."""
    fates = [row.fate for row in rows]
    moved = session.execute(
        update(Upload)
        .where(Upload.id == upload_id, Upload.next_row == expected, Upload.status == "working")
        .values(
            next_row=rows[-1].number + 1, leased_until=now + LEASE, rows_settled=Upload.rows_settled + len(rows),
            created_count=Upload.created_count + fates.count("created"),
            present_count=Upload.present_count + fates.count("present"),
            held_count=Upload.held_count + fates.count("held"),
            mistaken_count=Upload.mistaken_count + fates.count("mistaken"),
        )
        .returning(Upload.id)
    ).all()  # fmt: skip
    if not moved:
        return False
    session.execute(insert(UploadRow), [_row_values(upload_id, row, now) for row in rows])
    return True


def finish(session: Session, upload_id: UUID, *, now: datetime, trouble: str | None = None) -> None:
    """All rows are settled, or (with trouble, a sentence) none can be any more."""
    session.execute(
        update(Upload)
        .where(Upload.id == upload_id)
        .values(status="failed" if trouble else "done", trouble=trouble, finished_at=now, leased_until=None)
    )


def _row_values(upload_id: UUID, row: Settled, now: datetime) -> dict[str, Any]:
    return {
        "id": new_id(),
        "upload_id": upload_id,
        "number": row.number,
        "fate": row.fate,
        "subject_id": row.subject_id,
        "cells": row.cells,
        "mistakes": row.mistakes,
        "settled_at": now,
    }


def _due(now: datetime) -> Select[UUID]:
    return (
        select(Upload.id)
        .where(Upload.status.in_(("waiting", "working")))
        .where(or_(Upload.leased_until.is_(None), ran_out(Upload.leased_until, LEASE, now=now)))
        .order_by(Upload.id)
    )


def _as_id(text: str | None) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None


def settled_people(session: Session, upload_id: UUID) -> list[UUID]:
    """Whom the good rows of an upload named, in the order of the file. For jobs only."""
    rows = select(UploadRow.subject_id).where(UploadRow.upload_id == upload_id, UploadRow.fate.in_(("created", "present")))
    return [found for found in session.scalars(rows.order_by(UploadRow.number)) if found is not None]
