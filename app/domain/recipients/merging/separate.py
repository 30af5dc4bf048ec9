"""Use case: two joined records were of two people after all. Each is as it was before.

What happened since stays with the record that was kept: details that somebody changed there since, doses, visits, cases
and lists entered under it, accounts that came to it. A visit that was open when they were joined goes on under the record
that it was opened for.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.domain.accounts.access import Actor, Permission
from app.domain.accounts.models import Grant
from app.domain.errors import Conflict, NotFound
from app.domain.recipients.closing.models import RecordClosure
from app.domain.recipients.events import records_joined
from app.domain.recipients.merging.errors import ReasonMissing, UndoLaterFirst
from app.domain.recipients.merging.fields import FIELDS, packed, unpacked, write
from app.domain.recipients.merging.models import ClosePair, Merge, ToCompare
from app.domain.recipients.merging.pointers import stand_alone
from app.domain.recipients.models import BY_MERGE, Listing, Recipient
from app.infra import audit
from app.infra.db import new_id, one_at_a_time

LONGEST_REASON = 255


@dataclass(frozen=True, slots=True)
class SeparateRecords:
    """Which joining was a mistake, and why, in up to 255 characters."""

    merge_id: UUID
    because: str


def separate_records(session: Session, actor: Actor, command: SeparateRecords, *, today: date, now: datetime) -> Merge:
    """Undo a joining. Raises ReasonMissing, UndoLaterFirst, Conflict where it is undone already, NotFound, NotAllowed."""
    actor.require(Permission.MERGE_PEOPLE, at=None)
    because = command.because.strip()
    if not 0 < len(because) <= LONGEST_REASON:
        raise ReasonMissing
    one_at_a_time(session, "matching")
    merge = session.get(Merge, command.merge_id, populate_existing=True)
    if merge is None:
        raise NotFound(command.merge_id)
    if merge.undone_at is not None:
        raise Conflict(merge.id)
    kept = session.get_one(Recipient, merge.kept_id, populate_existing=True)
    other = session.get_one(Recipient, merge.other_id, populate_existing=True)
    if kept.merged_into_id is not None:
        raise UndoLaterFirst
    _give_back_fields(session, merge, kept)
    _give_back_grants(session, merge)
    _unlist(session, merge)
    _close_again(session, merge)
    merge.undone_at, merge.undone_by_id, merge.undone_because = now, actor.id, because
    session.flush()
    stand_alone(session, other)
    _tell_apart(session, actor, kept, other, now)
    for one, beside in ((kept, other), (other, kept)):
        audit.record(
            session, actor_kind=actor.kind, actor_id=actor.id, act="recipient.separated", subject_kind="recipient",
            subject_id=one.id, now=now, other=str(beside.id), merge=str(merge.id),
        )  # fmt: skip
    session.flush()
    records_joined(session, merge.id, kept.id, other.id, joined=False, today=today, now=now)
    return merge


def _give_back_fields(session: Session, merge: Merge, kept: Recipient) -> None:
    """Each detail as it was, unless it was changed since; a detail of several columns as a whole.

    Where a later joining took the detail over in its turn, what that one would give back is mended instead.
    """
    later = list(
        session.scalars(
            select(Merge)
            .where(Merge.kept_id == kept.id, Merge.undone_at.is_(None), Merge.id > merge.id)
            .order_by(Merge.id)
        )
    )
    values: dict[str, Any] = {}
    for columns in FIELDS.values():
        taken = {column: pair for column, pair in merge.changes["fields"].items() if column in columns}
        follower = next((one for one in later if not one.changes["fields"].keys().isdisjoint(columns)), None)
        if taken and follower is not None:
            _mend(follower, taken)
        elif all(_now(kept, column) == after for column, (_before, after) in taken.items()):
            values |= {column: unpacked(column, before) for column, (before, _after) in taken.items()}
    write(session, kept, values)


def _now(kept: Recipient, column: str) -> Any:
    return packed({column: [getattr(kept, column)]})[column][0]


def _mend(follower: Merge, taken: dict[str, list[Any]]) -> None:
    """What the later joining gives back one day is what was there before this one."""
    fields = dict(follower.changes["fields"])
    if any(fields[column][0] != after for column, (_before, after) in taken.items() if column in fields):
        return
    for column, (before, after) in taken.items():
        fields[column] = [before, fields[column][1] if column in fields else after]
    follower.changes = {**follower.changes, "fields": fields}


def _give_back_grants(session: Session, merge: Merge) -> None:
    """Rights that were ended hold again, unless the account got the same right anew meanwhile."""
    for grant_id in map(UUID, merge.changes["grants"]):
        grant = session.get_one(Grant, grant_id)
        again = session.scalar(
            select(Grant.id).where(
                Grant.account_id == grant.account_id, Grant.role == grant.role, Grant.scope_id == grant.scope_id,
                Grant.ended_at.is_(None),
            )
        )  # fmt: skip
        if again is None:
            grant.ended_at = None


def _unlist(session: Session, merge: Merge) -> None:
    """Clinics that listed the kept record for the other one's sake only list it no more."""
    added = [UUID(one) for one in merge.changes["listings"]]
    session.execute(
        delete(Listing).where(Listing.id.in_(added), Listing.how == BY_MERGE).execution_options(synchronize_session=False)
    )


def _close_again(session: Session, merge: Merge) -> None:
    """A death that was taken back for the joining is on record again, unless another one is."""
    for closure_id in map(UUID, merge.changes["closures"]):
        closure = session.get_one(RecordClosure, closure_id)
        live = select(RecordClosure.id).where(
            RecordClosure.recipient_id == closure.recipient_id, RecordClosure.undone_at.is_(None)
        )
        if session.scalar(live) is None:
            closure.undone_at, closure.undone_by_id, closure.undone_because = None, None, ""


def _tell_apart(session: Session, actor: Actor, kept: Recipient, other: Recipient, now: datetime) -> None:
    """Nobody is asked about these two again; both are looked at anew beside everybody else."""
    left, right = sorted((kept.id, other.id))
    pair = session.scalar(select(ClosePair).where(ClosePair.left_id == left, ClosePair.right_id == right))
    if pair is None:
        pair = ClosePair(id=new_id(), left_id=left, right_id=right, points=0, agreement={}, found_at=now)
        session.add(pair)
    pair.decision, pair.decided_at, pair.decided_by_id = "other", now, actor.id
    for record in (kept, other):
        if session.get(ToCompare, record.id) is None:
            session.add(ToCompare(recipient_id=record.id))
