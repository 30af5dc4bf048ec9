"""Somebody looks at a row that may be a person on record, and says whether it is."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.domain.accounts.access import Actor, Permission, Role
from app.domain.accounts.invitations import Invite, invite_many
from app.domain.errors import Conflict
from app.domain.recipients.held_rows import get_held_row
from app.domain.recipients.matching import Candidates, Known
from app.domain.recipients.models import Recipient
from app.domain.recipients.recipient_rows import RecipientRow, read_row
from app.domain.recipients.records import kept_record
from app.domain.recipients.register import create_recipients, list_at
from app.domain.uploads.models import Upload, UploadRow
from app.domain.uploads.uploads import get_row, get_upload
from app.infra import audit
from app.infra.db import one_at_a_time
from app.infra.spreadsheet import Cell, Row


@dataclass(frozen=True, slots=True)
class DecideHeld:
    """A row of a clinic's upload. `same`: it is the person on record. Otherwise it is another person."""

    location_id: UUID
    upload_id: UUID
    row_id: UUID
    same: bool


@dataclass(frozen=True, slots=True)
class DecideHeldOfOrganization:
    """A row of an organization's upload, decided by staff of the state: the organization must not learn who is known."""

    row_id: UUID
    same: bool


def decide_held(session: Session, actor: Actor, command: DecideHeld, *, now: datetime) -> UploadRow:
    """List the person on record at the location, or make and invite another one.

    Saying the same once more changes nothing; raises Conflict when it was decided otherwise meanwhile.
    """
    actor.require(Permission.UPLOAD_RECIPIENTS, at=command.location_id)
    upload = get_upload(session, actor, command.location_id, command.upload_id)
    return _decide(session, actor, upload, get_row(session, upload, command.row_id), command.same, now)


def decide_held_of_organization(
    session: Session, actor: Actor, command: DecideHeldOfOrganization, *, now: datetime
) -> UploadRow:
    """The same for an organization, in whose list the person appears. Raises NotFound, NotAllowed, Conflict."""
    held = get_held_row(session, actor, command.row_id)
    return _decide(session, actor, held.upload, held.row, command.same, now)


def _decide(session: Session, actor: Actor, upload: Upload, row: UploadRow, same: bool, now: datetime) -> UploadRow:
    one_at_a_time(session, "matching")
    session.refresh(row)
    if row.fate != "held":
        if row.decided_by_id and row.fate == ("present" if same else "created"):
            return row
        raise Conflict(row.id)
    person = person_of(row, upload)
    known = _known_already(session, row, person, same=same)
    fate = "present" if known else "created"
    if known is None:
        known = _make(session, actor, upload, person, now)
    list_at(session, upload.scope_kind, upload.scope_id, [known], how="upload", now=now, sent=[person])
    _note(session, actor, row, fate, known.kept_id)
    audit.record(
        session, actor_kind=actor.kind, actor_id=actor.id, act="upload.row_decided", subject_kind="recipient",
        subject_id=known.kept_id, place_id=upload.scope_id, now=now, same=same,
    )  # fmt: skip
    return row


def person_of(row: UploadRow, upload: Upload) -> RecipientRow:
    """The person of a held row, read again from the texts that were kept of it. Raises Conflict if that fails."""
    cells = {key: Cell("", text) for key, text in row.cells.items()}
    person = read_row(Row(row.number, cells), today=upload.sent_at.date()).recipient
    if person is None:
        raise Conflict(row.id)
    return person


def _known_already(session: Session, row: UploadRow, person: RecipientRow, *, same: bool) -> Known | None:
    """The record it is: the one it was held against, or one that came to be meanwhile, e.g. by sending it again."""
    if same:
        found = session.get_one(Recipient, row.subject_id)
        return Known(
            found.id, found.first_name, found.last_name, found.birth_date, found.name_key, found.sound_key,
            found.email or "", found.phone, found.zip, found.merged_into_id,
        )  # fmt: skip
    held_against = kept_record(session, row.subject_id)
    matches = Candidates(session, [person]).matches(person)
    others = (
        match.known
        for match in matches
        if match.kind == "same" and (held_against is None or match.known.kept_id != held_against.id)
    )
    return next(others, None)


def _make(session: Session, actor: Actor, upload: Upload, person: RecipientRow, now: datetime) -> Known:
    organization_id = upload.scope_id if upload.scope_kind == "organization" else None
    known = create_recipients(
        session, [person], source="upload", created_by_id=actor.id, now=now, organization_id=organization_id
    )[0]
    if known.email:
        offer = Invite(Role.RECIPIENT, known.id, known.email, known.first_name, known.last_name, "recipient")
        invite_many(session, [offer], invited_by_id=upload.sent_by_id, now=now)
    return known


def _note(session: Session, actor: Actor, row: UploadRow, fate: str, subject_id: UUID) -> None:
    row.fate, row.subject_id, row.decided_by_id = fate, subject_id, actor.id
    gained = Upload.present_count if fate == "present" else Upload.created_count
    session.execute(
        update(Upload)
        .where(Upload.id == row.upload_id)
        .values({Upload.held_count: Upload.held_count - 1, gained: gained + 1})
    )
    session.flush()
