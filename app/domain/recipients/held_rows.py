"""The door to held rows of organizations' uploads, which staff of the state decide, and how many wait."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Select, and_, func, or_, select
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


def held_rows_visible_to(actor: Actor) -> Select[UploadRow, Upload, str]:
    """The one door: rows that wait for a decision, and those that got one. Raises NotFound or NotAllowed."""
    actor.require(Permission.DECIDE_HELD_ROWS, at=None)
    return (
        select(UploadRow, Upload, Organization.name)
        .join(Upload, Upload.id == UploadRow.upload_id)
        .join(Organization, Organization.id == Upload.scope_id)
        .where(
            Upload.scope_kind == "organization",
            or_(UploadRow.fate == "held", UploadRow.decided_by_id.is_not(None)),
        )
    )


def list_held_rows(session: Session, actor: Actor, *, after: str | None = None, size: int = 25) -> Slice[HeldRow]:
    """The rows that wait, those of the oldest upload first, in the order of their file."""
    query = held_rows_visible_to(actor).where(HAS_HELD, UploadRow.fate == "held")
    key = _upload_and_number(after)
    if key is not None:
        upload_id, number = key
        later = or_(Upload.id > upload_id, and_(Upload.id == upload_id, UploadRow.number > number))
        query = query.where(Upload.id >= upload_id, later)
    rows = session.execute(query.order_by(Upload.id, UploadRow.number).limit(size + 1)).all()
    found = [HeldRow(row, upload, name) for row, upload, name in rows]
    end = found[size - 1].row if len(found) > size else None
    return Slice(found[:size], pack(end.upload_id, end.number) if end else None)


def count_held_rows(session: Session, actor: Actor) -> int:
    """How many wait, from the counters of the uploads that have any."""
    actor.require(Permission.DECIDE_HELD_ROWS, at=None)
    counted = select(func.sum(Upload.held_count)).where(Upload.scope_kind == "organization", HAS_HELD)
    return int(session.scalar(counted) or 0)


def get_held_row(session: Session, actor: Actor, row_id: UUID) -> HeldRow:
    """One row, also after its decision. Raises NotFound, NotAllowed."""
    found = session.execute(held_rows_visible_to(actor).where(UploadRow.id == row_id)).first()
    if found is None:
        raise NotFound(row_id)
    return HeldRow(*found)


def _upload_and_number(after: str | None) -> tuple[UUID, int] | None:
    key = unpack(after, 2)
    try:
        return (UUID(key[0]), int(key[1])) if key and len(key[1]) < 10 else None
    except ValueError:
        return None
