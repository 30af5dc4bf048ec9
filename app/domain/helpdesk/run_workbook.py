"""Use cases: an agent runs the workbook of a case in the stead of those whose workbook it is (HD8).

1. `look_through` keeps for which place; short files are read at once, those with recipients by the worker. 2. `run`
carries a short file out, or hands one with recipients on as an upload. 3. `give_back` puts what came of it into the
case. Agents hold no role at the place: for the length of one call they act with that of one place, and the audit names them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.domain.accounts.access import Actor, GrantedRole, Permission, system
from app.domain.accounts.models import Account
from app.domain.enrollment.errors import NotNow
from app.domain.enrollment.import_providers import ImportProviders, import_providers
from app.domain.errors import NotAllowed, NotFound, Refusal
from app.domain.helpdesk import states
from app.domain.helpdesk.attachments import CheckedFile, get_attachment, keep_files
from app.domain.helpdesk.journal import move, say
from app.domain.helpdesk.look_through import Looked, look, read_rows
from app.domain.helpdesk.models import Attachment, Case, CaseRecord, WorkbookRun
from app.domain.helpdesk.queries import get_case
from app.domain.helpdesk.workbook_places import ROLE_OF_PLACE, get_place
from app.domain.providers.import_users import ImportUsers, import_users
from app.domain.uploads.models import Upload
from app.domain.uploads.uploads import SentBefore, TakeUpload, take_upload
from app.infra import audit
from app.infra.spreadsheet import UnreadableFile
from app.infra.spreadsheet.read_rows import ReadRow
from app.infra.storage import FolderStorage

READABLE = ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "text/csv")


class CannotRun(Refusal):
    """why: closed (the location), stage (of the enrollment), sent_before, own_case, or over (it was run already)."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, slots=True)
class LookThrough:
    """Which file of which case, for which place (kinds as in workbook_places)."""

    number: str
    attachment_id: UUID
    place_kind: str
    place_id: UUID


@dataclass(frozen=True, slots=True)
class CarriedOut:
    """What came of a short workbook: rows by fate, and those to mend."""

    done: int
    present: int
    mistaken: Sequence[ReadRow]


def look_through(
    session: Session, actor: Actor, command: LookThrough, *, storage: FolderStorage, now: datetime, today: date
) -> WorkbookRun:
    """Say for whom a file is, and look it through; of the same file and place there is one run. Raises NotFound."""
    case = _case(session, actor, command.number)
    file = runnable(case, get_attachment(session, case, command.attachment_id, for_agent=True))
    place = get_place(session, case.request_type.workbook, command.place_kind, command.place_id)
    earlier = session.scalar(
        select(WorkbookRun).where(WorkbookRun.attachment_id == file.id, WorkbookRun.place_id == place.id)
    )
    if earlier is not None:
        return earlier
    run = WorkbookRun(
        case_id=case.id, attachment_id=file.id, kind=case.request_type.workbook, place_kind=place.kind,
        place_id=place.id, place_name=place.title[:300], asked_by_id=actor.id, asked_at=now, status="checking",
    )  # fmt: skip
    session.add(run)
    session.flush()
    if run.kind != "recipients":
        try:
            found = look(run.kind, storage.get(file.storage_key), file.filename, today=today)
        except UnreadableFile as unreadable:
            note_unusable(session, run.id, str(unreadable))
        else:
            note_looked(session, run.id, found)
        session.refresh(run)
    audit.record(
        session, actor_kind=actor.kind, actor_id=actor.id, act="case.workbook_looked_through", subject_kind="case",
        subject_id=case.id, place_id=place.id, now=now,
    )  # fmt: skip
    return run


def run_short(
    session: Session, actor: Actor, number: str, run_id: UUID, *, storage: FolderStorage, now: datetime
) -> tuple[WorkbookRun, CarriedOut]:
    """Carry out a workbook of users or practising providers. The caller gives its result back. Raises NotFound, CannotRun."""
    run, file, hand = _ready(session, actor, number, run_id, now=now)
    if run.kind == "recipients":
        raise NotFound
    rows = read_rows(run.kind, storage.get(file.storage_key), file.filename)
    try:
        if run.kind == "users":
            users = import_users(session, hand, ImportUsers(run.place_id, rows), now=now)
            came = CarriedOut(
                users.count("invited", "granted", "deactivated"), users.count("present"), users.mistaken
            )
        else:
            added = import_providers(session, hand, ImportProviders(run.place_id, rows), now=now)
            came = CarriedOut(added.added, added.present, added.mistaken)
    except NotAllowed as closed:
        raise CannotRun("closed") from closed
    except NotNow as stage:
        raise CannotRun("stage") from stage
    return run, came


def run_recipients(
    session: Session, actor: Actor, number: str, run_id: UUID, *, storage: FolderStorage, now: datetime, today: date
) -> WorkbookRun:
    """Hand a file of recipients on as an upload of the place, attested by the requester. Raises NotFound, CannotRun."""
    run, file, hand = _ready(session, actor, number, run_id, now=now)
    if run.kind != "recipients":
        raise NotFound
    case = session.get_one(Case, run.case_id)
    command = TakeUpload(
        run.place_kind, run.place_id, file.filename, storage.get(file.storage_key), run.rows_total,
        f"{case.full_name} ({case.number})"[:120],
    )  # fmt: skip
    try:
        upload = take_upload(session, hand, storage, command, now=now)
    except SentBefore as before:
        raise CannotRun("sent_before") from before
    run.upload_id = upload.id
    session.add(
        CaseRecord(
            case_id=case.id, kind="upload", record_id=upload.id, place_id=run.place_id, linked_at=now,
            linked_by_id=actor.id,
        )
    )  # fmt: skip
    move(session, actor, case, "link", now=now, today=today, facts="upload")
    return run


def give_back(
    session: Session, actor: Actor, run: WorkbookRun, text: str, files: Sequence[CheckedFile], *,
    storage: FolderStorage, now: datetime, today: date,
) -> bool:  # fmt: skip
    """Put the result into the case and tell the requester; of a case that is closed meanwhile, without a mail.

    False when it was given back already.
    """
    mine = update(WorkbookRun).where(WorkbookRun.id == run.id, WorkbookRun.status == "running")
    if not session.execute(mine.values(status="returned", returned_at=now).returning(WorkbookRun.id)).all():
        return False
    case = session.scalars(select(Case).where(Case.id == run.case_id).with_for_update(of=Case)).one()
    by = "agent" if actor.kind == "person" else "system"
    comment = say(session, actor, case, text, by=by, now=now)
    keep_files(session, case, comment, files, storage=storage, by=by, now=now)
    move(session, actor, case, "note" if case.status == states.CLOSED else "comment", now=now, today=today)
    return True


def runnable(case: Case, file: Attachment) -> Attachment:
    """The file, where it can be run from this case. Raises NotFound."""
    if not can_run(case, file):
        raise NotFound
    return file


def can_run(case: Case, file: Attachment) -> bool:
    """True for a workbook that the requester sent into a case whose type carries one."""
    return bool(case.request_type.workbook) and file.media_type in READABLE and file.by == "requester"


def runs_of(session: Session, case: Case) -> list[WorkbookRun]:
    """What was run from a case, oldest first. The caller came through the door to the case."""
    return list(session.scalars(select(WorkbookRun).where(WorkbookRun.case_id == case.id).order_by(WorkbookRun.id)))


def get_run(session: Session, actor: Actor, number: str, run_id: UUID) -> tuple[Case, WorkbookRun]:
    """A case and one run of it. Raises NotFound."""
    case = _case(session, actor, number, to_change=False)
    run = session.get(WorkbookRun, run_id)
    if run is None or run.case_id != case.id:
        raise NotFound
    return case, run


def upload_of(session: Session, run: WorkbookRun) -> Upload | None:
    """The upload that a run of recipients became."""
    return session.get(Upload, run.upload_id) if run.upload_id else None


def note_looked(session: Session, run_id: UUID, found: Looked) -> None:
    """A file was looked through."""
    _after_checking(session, run_id, status="checked", rows_total=found.rows, rows_mistaken=found.mistaken,
                    sample=found.sample)  # fmt: skip


def note_unusable(session: Session, run_id: UUID, trouble: str) -> None:
    """A file cannot be read; `trouble` says why and what to do."""
    _after_checking(session, run_id, status="unusable", trouble=trouble[:500])


def _after_checking(session: Session, run_id: UUID, **values: object) -> None:
    session.execute(
        update(WorkbookRun).where(WorkbookRun.id == run_id, WorkbookRun.status == "checking").values(**values)
    )


def _case(session: Session, actor: Actor, number: str, *, to_change: bool = True) -> Case:
    if not actor.anywhere(Permission.RUN_WORKBOOKS):
        raise NotFound
    return get_case(session, actor, number, to_change=to_change)


def _ready(
    session: Session, actor: Actor, number: str, run_id: UUID, *, now: datetime
) -> tuple[WorkbookRun, Attachment, Actor]:
    """The run, held and begun, its file, and who acts in the stead of the place. Raises NotFound, CannotRun."""
    case = _case(session, actor, number)
    run = session.scalar(
        select(WorkbookRun).where(WorkbookRun.id == run_id, WorkbookRun.case_id == case.id).with_for_update()
    )
    if run is None:
        raise NotFound
    if run.status != "checked":
        raise CannotRun("over")
    agent = session.get_one(Account, actor.id)
    if case.requester_id == agent.id or (agent.email_folded and agent.email_folded == case.email_folded):
        raise CannotRun("own_case")
    run.status, run.run_by_id, run.run_at = "running", agent.id, now
    session.flush()
    audit.record(
        session, actor_kind=actor.kind, actor_id=actor.id, act="case.workbook_run", subject_kind="case",
        subject_id=case.id, place_id=run.place_id, now=now, kind=run.kind,
    )  # fmt: skip
    role = GrantedRole(ROLE_OF_PLACE[run.place_kind], run.place_kind, run.place_id)  # type: ignore[arg-type]
    return run, session.get_one(Attachment, run.attachment_id), Actor("person", agent.id, (role,))


@dataclass(frozen=True, slots=True)
class Waiting:
    """A file that the worker is to look through."""

    run_id: UUID
    kind: str
    storage_key: str
    filename: str
    asked_at: datetime


def waiting_to_look(session: Session) -> list[Waiting]:
    """Files that nobody looked through yet, oldest first. For the worker only."""
    query = (
        select(WorkbookRun, Attachment)
        .join(Attachment, Attachment.id == WorkbookRun.attachment_id)
        .where(WorkbookRun.status == "checking")
        .order_by(WorkbookRun.id)
        .limit(100)
    )
    return [
        Waiting(run.id, run.kind, file.storage_key, file.filename, run.asked_at) for run, file in session.execute(query)
    ]


def waiting_to_return(session: Session) -> list[tuple[WorkbookRun, Upload]]:
    """Runs whose upload came to an end and whose result is not in the case yet. For the worker only."""
    query = (
        select(WorkbookRun, Upload)
        .join(Upload, Upload.id == WorkbookRun.upload_id)
        .where(WorkbookRun.status == "running", Upload.status.in_(("done", "failed")))
        .order_by(WorkbookRun.id)
        .limit(100)
    )
    return [(run, upload) for run, upload in session.execute(query)]


def case_of_upload(session: Session, upload_id: UUID) -> str:
    """The number of the case that an upload came from, empty where it came from a portal. For the mail about it."""
    query = select(Case.number).join(WorkbookRun, WorkbookRun.case_id == Case.id)
    return session.scalar(query.where(WorkbookRun.upload_id == upload_id)) or ""


WORKER = system("workbooks")
