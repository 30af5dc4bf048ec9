"""Whom somebody acts for, who acts for somebody, and what waits for staff."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, false, or_, select, true
from sqlalchemy.orm import Session

from app.domain.accounts.access import Actor, Permission
from app.domain.accounts.models import Account
from app.domain.errors import NotFound
from app.domain.recipients.guardians.models import Guardianship
from app.domain.recipients.models import Recipient
from app.infra.paging import Slice, pack, unpack

PAGE = 50


@dataclass(frozen=True, slots=True)
class Dependant:
    """Somebody whom the account acts for. `recipient_id` is the id to open the record by; `record` is as it is kept."""

    guardianship: Guardianship
    recipient_id: UUID
    record: Recipient


@dataclass(frozen=True, slots=True)
class Guardian:
    """Somebody who acts, or acted, for a dependant."""

    guardianship: Guardianship
    name: str
    phone: str


@dataclass(frozen=True, slots=True)
class Consent:
    """What a guardian agreed to, for the clinic to show: who, in which relation, to which edition of the text, when."""

    guardian_name: str
    relation: str
    text: str
    at: datetime


def guardianships_visible_to(actor: Actor) -> Select[Guardianship]:
    """The one door: one's own, all for staff of the state."""
    if actor.may(Permission.DECIDE_GUARDIANSHIPS, at=None):
        return select(Guardianship)
    return select(Guardianship).where(Guardianship.account_id == actor.id if actor.id else false())


def get_guardianship(session: Session, actor: Actor, guardianship_id: UUID) -> Guardianship:
    """One that the actor may see, whether it has ended or not. Raises NotFound."""
    found = session.scalar(guardianships_visible_to(actor).where(Guardianship.id == guardianship_id))
    if found is None:
        raise NotFound
    return found


def dependants_of(session: Session, actor: Actor, *, now: datetime) -> list[Dependant]:
    """Whom the account acts for now, by name: two queries, one more where records were joined."""
    rows = session.scalars(
        select(Guardianship)
        .where(Guardianship.account_id == actor.id, Guardianship.ended_at.is_(None), Guardianship.until > now)
        .order_by(Guardianship.id)
    ).all()
    records = _kept(session, {row.dependant_id for row in rows})
    found = [Dependant(row, row.dependant_id, records[row.dependant_id]) for row in rows]
    return sorted(found, key=lambda one: (one.record.first_folded, str(one.recipient_id)))


def guardians_of(session: Session, actor: Actor, recipient_id: UUID) -> list[Guardian]:
    """Everybody who acts or acted for somebody, newest first; for staff of the state. Raises NotFound or NotAllowed."""
    actor.require(Permission.DECIDE_GUARDIANSHIPS, at=None)
    rows = session.execute(
        _of(recipient_id)
        .join(Account, Account.id == Guardianship.account_id)
        .join(Recipient, Recipient.id == Guardianship.guardian_id)
        .add_columns(Account, Recipient.phone)
        .order_by(Guardianship.id.desc())
    )
    return [Guardian(row, account.full_name, phone) for row, account, phone in rows]


def consent_of(session: Session, recipient_id: UUID, *, now: datetime) -> Consent | None:
    """The newest consent that holds for a minor, by any record of theirs that guardians opened.

    The caller has come to the record through a door of its own, such as the visit.
    """
    row = session.execute(
        _of(recipient_id)
        .join(Account, Account.id == Guardianship.account_id)
        .add_columns(Account)
        .where(Guardianship.ended_at.is_(None), Guardianship.until > now)
        .where(Guardianship.consented_at.is_not(None), Guardianship.consent_withdrawn_at.is_(None))
        .order_by(Guardianship.consented_at.desc(), Guardianship.id)
        .limit(1)
    ).first()
    if row is None or row[0].consented_at is None:
        return None
    return Consent(row[1].full_name, row[0].relation, row[0].consent_text, row[0].consented_at)


def undecided(session: Session, actor: Actor, *, after: str | None = None, size: int = PAGE) -> Slice[Guardianship]:
    """Live ones of a dependant who looks like somebody on record, oldest first. Raises NotFound or NotAllowed."""
    actor.require(Permission.DECIDE_GUARDIANSHIPS, at=None)
    key = unpack(after, 1)
    rows = session.scalars(
        select(Guardianship)
        .where(Guardianship.possible_id.is_not(None), Guardianship.decided_at.is_(None))
        .where(Guardianship.ended_at.is_(None), Guardianship.id > _id(key[0]) if key else true())
        .order_by(Guardianship.id)
        .limit(size + 1)
    ).all()
    return Slice(list(rows[:size]), pack(rows[size - 1].id) if len(rows) > size else None)


def names_of(session: Session, recipient_ids: set[UUID]) -> dict[UUID, Recipient]:
    """Records by id, for a list that came through the door."""
    return {row.id: row for row in session.scalars(select(Recipient).where(Recipient.id.in_(recipient_ids)))}


def _of(recipient_id: UUID) -> Select[Guardianship]:
    """Guardianships of a person, by the record that was kept and by those joined with it."""
    joined = select(Recipient.id).where(Recipient.merged_into_id == recipient_id)
    return select(Guardianship).where(
        or_(Guardianship.dependant_id == recipient_id, Guardianship.dependant_id.in_(joined))
    )


def _kept(session: Session, recipient_ids: set[UUID]) -> dict[UUID, Recipient]:
    """The record that was kept, for each id."""
    at = {id_: id_ for id_ in recipient_ids}
    records = names_of(session, recipient_ids)
    while moved := {
        id_: row.merged_into_id for id_, row in ((i, records[a]) for i, a in at.items()) if row.merged_into_id
    }:
        at |= moved
        records |= names_of(session, set(moved.values()) - records.keys())
    return {id_: records[where] for id_, where in at.items()}


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        return UUID(int=0)
