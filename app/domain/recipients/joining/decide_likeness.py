"""A self-registered person may be somebody on record: whoever reads the mailbox on record says so, or staff do."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, aliased

from app.domain.accounts import invitations
from app.domain.accounts.access import Actor, Permission
from app.domain.accounts.models import MailLink
from app.domain.errors import Conflict, NotFound
from app.domain.recipients.joining.models import SelfRegistration
from app.domain.recipients.merging.fields import FIELDS, KEPT, OTHER
from app.domain.recipients.merging.join import Decided, join_records
from app.domain.recipients.models import Recipient
from app.domain.recipients.recipient_rows import RecipientRow
from app.domain.recipients.records import kept_record
from app.infra import audit
from app.infra.paging import Slice, pack, unpack

PURPOSE = "one-person"


@dataclass(frozen=True, slots=True)
class Likeness:
    """A self-registration that waits, the record it made, and the one on file that it looks like."""

    asked: SelfRegistration
    made: Recipient
    on_file: Recipient

    @property
    def may_be_asked(self) -> bool:
        """True where the mailbox on record may say that both are one person.

        Whoever registered by themselves has shown that a mailbox is theirs and not who they are: a stranger who did so
        in somebody's name would wait for that person's answers. Staff decide there.
        """
        return bool(self.on_file.email) and self.on_file.source not in {"self", "guardian"}


@dataclass(frozen=True, slots=True)
class DecideLikeness:
    """`same`: both records are of one person. Otherwise they stay two."""

    registration_id: UUID
    same: bool


def list_likenesses(session: Session, actor: Actor, *, after: str | None = None, size: int = 25) -> Slice[Likeness]:
    """Those that wait for staff, oldest first. Raises NotFound, NotAllowed."""
    actor.require(Permission.DECIDE_HELD_ROWS, at=None)
    query, key = _waiting(), unpack(after, 1)
    try:
        query = query.where(SelfRegistration.id > UUID(key[0])) if key else query
    except ValueError:
        query = _waiting()
    rows = session.execute(query.order_by(SelfRegistration.id).limit(size + 1)).all()
    found = [Likeness(*row) for row in rows[:size]]
    return Slice(found, pack(found[-1].asked.id) if len(rows) > size else None)


def get_likeness(session: Session, actor: Actor, registration_id: UUID) -> Likeness:
    """One that waits. Raises NotFound, also once it is decided, and NotAllowed."""
    actor.require(Permission.DECIDE_HELD_ROWS, at=None)
    found = likeness_to_mail(session, registration_id)
    if found is None:
        raise NotFound(registration_id)
    return found


def details_of(made: Recipient) -> RecipientRow:
    """What the person says of themselves, as a row to be laid beside the record on file."""
    return RecipientRow(
        number=0, first_name=made.first_name, middle_name=made.middle_name, last_name=made.last_name,
        suffix=made.suffix, birth_date=made.birth_date, email=made.email or "", phone=made.phone, street=made.street,
        city=made.city, county_fips=made.county_fips, state_abbr=made.state_abbr, zip=made.zip, gender="", races=(),
        ethnicity="", industry="", external_id="",
    )  # fmt: skip


def decide_likeness(
    session: Session, actor: Actor, command: DecideLikeness, *, today: date, now: datetime
) -> None:
    """Staff decide. Saying the same once more changes nothing. Raises NotFound, NotAllowed, Conflict."""
    actor.require(Permission.DECIDE_HELD_ROWS, at=None)
    asked = session.get(SelfRegistration, command.registration_id, with_for_update=True)
    if asked is None or asked.possible_id is None:
        raise NotFound(command.registration_id)
    _decide(session, actor, asked, same=command.same, today=today, now=now)


def open_likeness(session: Session, token: str, *, now: datetime) -> tuple[Likeness, MailLink]:
    """What the mail to the address on record asks about. Raises LinkUnknown, LinkUsed, LinkExpired."""
    link = invitations.open_link(session, PURPOSE, token, now=now)
    row = session.execute(_waiting().where(SelfRegistration.id == link.subject_id)).first()
    if row is None:
        raise invitations.LinkUsed
    return Likeness(*row), link


def confirm_one_person(
    session: Session, likeness: Likeness, link: MailLink, *, today: date, now: datetime, actor: Actor
) -> None:
    """Whoever reads the mailbox on record says that both are the same person. Raises LinkUsed."""
    invitations.take_link(session, link, now=now)
    _decide(session, actor, likeness.asked, same=True, today=today, now=now)


def likeness_to_mail(session: Session, registration_id: UUID) -> Likeness | None:
    """For the job that writes to the address on record; None where nothing is to be asked any more."""
    row = session.execute(_waiting().where(SelfRegistration.id == registration_id)).first()
    return Likeness(*row) if row else None


def _decide(
    session: Session, actor: Actor, asked: SelfRegistration, *, same: bool, today: date, now: datetime
) -> None:
    decision = "same" if same else "other"
    if asked.decided_at is not None:
        if asked.decision == decision:
            return
        raise Conflict(asked.id)
    asked.decision, asked.decided_at, asked.decided_by_id = decision, now, actor.id
    made, kept = kept_record(session, asked.recipient_id), kept_record(session, asked.possible_id)
    if made is None or kept is None:
        raise NotFound(asked.id)
    if same and made.id != kept.id:
        by_mailbox = actor.kind != "person" or not actor.is_state
        _join(session, actor, made, kept, by_mailbox=by_mailbox, today=today, now=now)
    audit.record(
        session, actor_kind=actor.kind, actor_id=actor.id, act="recipient.likeness_decided", subject_kind="recipient",
        subject_id=kept.id, now=now, same=same, other=str(made.id),
    )  # fmt: skip
    session.flush()


def _join(
    session: Session, actor: Actor, made: Recipient, kept: Recipient, *, by_mailbox: bool, today: date, now: datetime
) -> None:
    """The record on file is kept; answers that it has not are taken over, except for the name."""
    takes = made.registered_at is not None and kept.registered_at is None
    details = set(FIELDS) - {"first_name", "middle_name", "last_name", "suffix", "birth_date", "employer"}
    chosen = {name: OTHER if takes and name in details else KEPT for name in FIELDS}
    decided = Decided("mailbox" if by_mailbox else "staff", chosen)
    join_records(session, actor, kept, made, decided, today=today, now=now)


def _waiting() -> Select[SelfRegistration, Recipient, Recipient]:
    made, on_file = aliased(Recipient), aliased(Recipient)
    return (
        select(SelfRegistration, made, on_file)
        .join(made, made.id == SelfRegistration.recipient_id)
        .join(on_file, on_file.id == SelfRegistration.possible_id)
        .where(SelfRegistration.possible_id.is_not(None), SelfRegistration.decided_at.is_(None))
    )
