"""The door to held rows of organizations' uploads, which staff of the state decide, and how many wait."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from app.domain.accounts.access import Actor, Permission
from app.domain.errors import NotFound
from app.domain.organizations.models import Organization
from app.domain.uploads.models import HAS_HELD, Upload, UploadRow
from app.infra.paging import Slice, pack, unpack


@dataclass(frozen=True, slots=True)
class HeldRow:
    """A row that is, or was, held; the upload that it came with, and by whom."""

    row: UploadRow
    upload: Upload
    organization_name: str


def held_rows_visible_to(actor: Actor, *, decided: bool) -> Select[UploadRow, Upload, str]:
    """The one door: rows that wait for a decision, and with `decided` those that got one.

    Raises NotFound or NotAllowed.
    """
    actor.require(Permission.DECIDE_HELD_ROWS, at=None)
    waits = UploadRow.fate == "held"
    return (
        select(UploadRow, Upload, Organization.name)
        .join(Upload, Upload.id == UploadRow.upload_id)
        .join(Organization, Organization.id == Upload.scope_id)
        .where(
            Upload.scope_kind == "organization",
            or_(waits, UploadRow.decided_by_id.is_not(None)) if decided else waits,
        )
    )


def list_held_rows(session: Session, actor: Actor, *, after: str | None = None, size: int = 25) -> Slice[HeldRow]:
    """The rows that wait, those of the oldest upload first, in the order of their file: two queries."""
    query, begun = held_rows_visible_to(actor, decided=False), _upload_and_number(after)
    uploads = _uploads_of_page(session, begun, size + 1)
    query = query.where(UploadRow.upload_id.in_(uploads))
    if begun is not None:
        query = query.where(or_(UploadRow.upload_id > begun[0], UploadRow.number > begun[1]))
    rows = session.execute(query.order_by(UploadRow.upload_id, UploadRow.number).limit(size + 1)).all()
    found = [HeldRow(row, upload, name) for row, upload, name in rows]
    end = found[size - 1].row if len(found) > size else None
    return Slice(found[:size], pack(end.upload_id, end.number) if end else None)


def _uploads_of_page(session: Session, begun: tuple[UUID, int] | None, wanted: int) -> list[UUID]:
    """The uploads that surely hold so many waiting rows, oldest first.

    Asked apart: PostgreSQL guesses that few rows are held, and reads all rows of all uploads to join them.
    """
    query = select(Upload.id, Upload.held_count).where(Upload.scope_kind == "organization", HAS_HELD)
    if begun is not None:
        query = query.where(Upload.id >= begun[0])
    uploads: list[UUID] = []
    for upload_id, held in session.execute(query.order_by(Upload.id).limit(wanted + 1)):
        uploads.append(upload_id)
        wanted -= 0 if begun is not None and upload_id == begun[0] else held
        if wanted <= 0:
            break
    return uploads


def count_held_rows(session: Session, actor: Actor) -> int:
    """How many wait, from the counters of the uploads that have any."""
    actor.require(Permission.DECIDE_HELD_ROWS, at=None)
    counted = select(func.sum(Upload.held_count)).where(Upload.scope_kind == "organization", HAS_HELD)
    return int(session.scalar(counted) or 0)


def get_held_row(session: Session, actor: Actor, row_id: UUID) -> HeldRow:
    """One row, also after its decision. Raises NotFound, NotAllowed."""
    found = session.execute(held_rows_visible_to(actor, decided=True).where(UploadRow.id == row_id)).first()
    if found is None:
        raise NotFound(row_id)
    return HeldRow(*found)


def _upload_and_number(after: str | None) -> tuple[UUID, int] | None:
    key = unpack(after, 2)
    try:
        return (UUID(key[0]), int(key[1])) if key and len(key[1]) < 10 else None
    except ValueError:
        return None
