"""Give every row of an upload its fate, a few hundred rows at a time, each time in one short transaction.

A worker that is killed leaves whole portions behind; the next one goes on with the first row that has no fate.
"""

from collections.abc import Callable, Iterator
from datetime import date, datetime
from itertools import islice
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from app.domain.accounts.access import Role
from app.domain.accounts.invitations import Invite, invite_many
from app.domain.recipients.matching import Candidates, Known
from app.domain.recipients.recipient_rows import (
    AGENT_INFLATED_BYTES,
    AGENT_ROWS,
    RecipientRow,
    RowResult,
    open_recipient_file,
    read_row,
    to_cells,
)
from app.domain.recipients.register import create_recipients, list_at
from app.domain.uploads import uploads
from app.domain.uploads.models import Upload
from app.domain.uploads.uploads import Settled
from app.infra import clock, outbox
from app.infra.db import Database, one_at_a_time
from app.infra.spreadsheet import Row, UnreadableFile
from app.infra.storage import FolderStorage, MissingFile

PORTION = 80  # measured: as fast as 125 in all, and others wait a fifth less to write
LOST_FILE = "The file could not be read again. Please upload it once more; people who were accepted are not doubled."

Read = tuple[Row, RowResult]
Clock = Callable[[], datetime]


def settle_upload(
    database: Database, storage: FolderStorage, upload_id: UUID | None, *, zone: ZoneInfo, portion: int = PORTION,
    time: Clock = clock.now,
) -> bool:  # fmt: skip
    """Claim an upload (the given one, or the next that waits) and settle all its rows. False when there is none.

    `time` is asked again for each portion, for a file can take minutes.
    """
    upload = uploads.claim(database, now=time(), upload_id=upload_id)
    if upload is None:
        return False
    today = clock.local_date(upload.sent_at, zone)
    try:
        sheet = open_recipient_file(
            storage.get(upload.storage_key), filename=upload.filename, max_rows=AGENT_ROWS,
            max_inflated_bytes=AGENT_INFLATED_BYTES,
        )  # fmt: skip
    except (UnreadableFile, MissingFile):
        _end(database, upload, time(), trouble=LOST_FILE)
        return True
    expected = upload.next_row
    remaining = (row for row in sheet.rows if row.number >= upload.next_row)
    for read in _portions(remaining, today, portion):
        if not _settle(database, upload, expected, read, time()):
            return True
        expected = read[-1][0].number + 1
    _end(database, upload, time())
    return True


def _portions(rows: Iterator[Row], today: date, size: int) -> Iterator[list[Read]]:
    while portion := [(row, read_row(row, today=today)) for row in islice(rows, size)]:
        yield portion


def _settle(database: Database, upload: Upload, expected: int, read: list[Read], now: datetime) -> bool:
    with database.transaction() as session:
        one_at_a_time(session, "matching")
        settled = _decide(session, upload, read, now)
        if uploads.advance(session, upload.id, expected, settled, now=now):
            return True
        session.rollback()
    return False


def _decide(session: Session, upload: Upload, read: list[Read], now: datetime) -> list[Settled]:
    """The fate of each row, and what follows from it: records, listings, invitations."""
    good = [result.recipient for _, result in read if result.recipient is not None]
    candidates = Candidates(session, good)
    fates: list[Settled] = []
    new: list[RecipientRow] = []
    placed: list[tuple[int, RecipientRow]] = []
    seen: list[tuple[Known, RecipientRow]] = []
    for row, result in read:
        person = result.recipient
        if person is None:
            told = [[mistake.address, mistake.column, mistake.message, mistake.key] for mistake in result.mistakes]
            fates.append(Settled(row.number, "mistaken", cells=to_cells(row), mistakes=told))
            continue
        matches = candidates.matches(person)
        if not matches:
            placeholder = _as_known(person)
            candidates.add(placeholder)
            placed.append((len(fates), person))
            new.append(person)
            fates.append(Settled(row.number, "created", subject_id=placeholder.id))
        elif matches[0].kind == "same":
            seen.append((matches[0].known, person))
            fates.append(Settled(row.number, "present", subject_id=matches[0].known.kept_id))
        else:
            why = [["", "", reason, ""] for reason in matches[0].reasons]
            held = matches[0].known.kept_id
            fates.append(Settled(row.number, "held", subject_id=held, cells=to_cells(row), mistakes=why))
    _keep(session, upload, fates, placed, seen, now)
    return fates


def _keep(
    session: Session, upload: Upload, fates: list[Settled], placed: list[tuple[int, RecipientRow]],
    seen: list[tuple[Known, RecipientRow]], now: datetime,
) -> None:  # fmt: skip
    people = [person for _, person in placed]
    organization_id = upload.scope_id if upload.scope_kind == "organization" else None
    made = create_recipients(
        session, people, source="upload", created_by_id=upload.sent_by_id, now=now, organization_id=organization_id
    )
    real: dict[UUID, Known] = {}
    for (place, _), known in zip(placed, made, strict=True):
        fate = fates[place]
        if fate.subject_id is not None:
            real[fate.subject_id] = known
        fates[place] = Settled(fate.number, fate.fate, subject_id=known.id)
    for place, fate in enumerate(fates):
        if fate.subject_id in real:
            fates[place] = Settled(fate.number, fate.fate, real[fate.subject_id].id, fate.cells, fate.mistakes)
    listed = [*made, *(real.get(known.id, known) for known, _ in seen)]
    sent = [*people, *(person for _, person in seen)]
    list_at(session, upload.scope_kind, upload.scope_id, listed, how="upload", now=now, sent=sent)
    offers = [
        Invite(Role.RECIPIENT, known.id, known.email, known.first_name, known.last_name, "recipient")
        for known in made
        if known.email
    ]
    invite_many(session, offers, invited_by_id=upload.sent_by_id, now=now)


def _as_known(person: RecipientRow) -> Known:
    from app.domain.recipients.keys import name_key, sound_key
    from app.infra.db import new_id

    return Known(
        new_id(), person.first_name, person.last_name, person.birth_date,
        name_key(person.first_name, person.last_name, person.birth_date), sound_key(person.last_name, person.birth_date),
        person.email, person.phone, person.zip,
    )  # fmt: skip


def _end(database: Database, upload: Upload, now: datetime, trouble: str | None = None) -> None:
    with database.transaction() as session:
        uploads.finish(session, upload.id, now=now, trouble=trouble)
        if upload.rows_total > 100 or trouble:
            outbox.publish(session, "uploads.finished", now=now, about=upload.id, upload_id=str(upload.id))
