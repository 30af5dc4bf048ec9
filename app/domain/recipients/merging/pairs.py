"""The queue of pairs that may be one person, and what is decided about them. The alikest come first."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session, aliased

from app.domain.accounts.access import Actor, Permission
from app.domain.errors import Conflict, NotFound
from app.domain.recipients.merging.models import ClosePair
from app.domain.recipients.models import Recipient
from app.infra import audit
from app.infra.paging import Slice, pack, unpack

LATER = timedelta(days=7)
COUNTED_TO = 1_000


@dataclass(frozen=True, slots=True)
class Pair:
    """Two kept records and what they agree in."""

    pair: ClosePair
    left: Recipient
    right: Recipient


@dataclass(frozen=True, slots=True)
class DecidePair:
    """What somebody says of a pair: they are two people, or it is to be looked at another day."""

    pair_id: UUID
    say: Literal["other", "later"]


def pairs_visible_to(actor: Actor) -> Select[ClosePair, Recipient, Recipient]:
    """The one door to pairs, for staff who may join people: those of two kept records. Raises NotFound, NotAllowed."""
    actor.require(Permission.MERGE_PEOPLE, at=None)
    left, right = aliased(Recipient), aliased(Recipient)
    return (
        select(ClosePair, left, right)
        .join(left, left.id == ClosePair.left_id)
        .join(right, right.id == ClosePair.right_id)
        .where(left.merged_into_id.is_(None), right.merged_into_id.is_(None))
    )


def list_pairs(
    session: Session, actor: Actor, *, today: date, after: str | None = None, size: int = 25
) -> Slice[Pair]:
    """Those that wait today, the alikest first: one query. Raises NotFound, NotAllowed."""
    query = pairs_visible_to(actor).where(*_waiting(today))
    key = unpack(after, 2)
    try:
        points, seen = (int(key[0][:6]), UUID(key[1])) if key else (0, None)
    except ValueError:
        seen = None
    if seen is not None:
        query = query.where(or_(ClosePair.points < points, and_(ClosePair.points == points, ClosePair.id < seen)))
    rows = session.execute(query.order_by(ClosePair.points.desc(), ClosePair.id.desc()).limit(size + 1)).all()
    found = [Pair(*row) for row in rows[:size]]
    return Slice(found, pack(found[-1].pair.points, found[-1].pair.id) if len(rows) > size else None)


def count_pairs(session: Session, actor: Actor, *, today: date) -> int:
    """How many wait, counted no further than COUNTED_TO."""
    actor.require(Permission.MERGE_PEOPLE, at=None)
    some = select(ClosePair.id).where(*_waiting(today)).limit(COUNTED_TO).subquery()
    return session.scalar(select(func.count()).select_from(some)) or 0


def get_pair(session: Session, actor: Actor, pair_id: UUID) -> Pair:
    """One pair, whatever was decided. Raises NotFound, also where one of them was joined with somebody meanwhile."""
    row = session.execute(pairs_visible_to(actor).where(ClosePair.id == pair_id)).first()
    if row is None:
        raise NotFound(pair_id)
    return Pair(*row)


def pairs_with(session: Session, actor: Actor, recipient_id: UUID, *, size: int = 10) -> list[Pair]:
    """The pairs of one person that wait, the alikest first."""
    query = pairs_visible_to(actor).where(
        or_(ClosePair.left_id == recipient_id, ClosePair.right_id == recipient_id), ClosePair.decision == ""
    )
    return [Pair(*row) for row in session.execute(query.order_by(ClosePair.points.desc(), ClosePair.id).limit(size))]


def decide_pair(session: Session, actor: Actor, command: DecidePair, *, today: date, now: datetime) -> None:
    """Remember what was said; the same once more changes nothing. Raises Conflict, NotFound, NotAllowed.

    Two told apart are not asked about again, unless their details change.
    """
    found = get_pair(session, actor, command.pair_id)
    pair = session.get(ClosePair, found.pair.id, with_for_update=True, populate_existing=True)
    if pair is None:
        raise NotFound(command.pair_id)
    if command.say == "later":
        pair.not_before = today + LATER
        session.flush()
        return
    if pair.decision == "other":
        return
    if pair.decision:
        raise Conflict(pair.id)
    pair.decision, pair.decided_at, pair.decided_by_id = "other", now, actor.id
    for one, beside in ((found.left, found.right), (found.right, found.left)):
        audit.record(
            session, actor_kind=actor.kind, actor_id=actor.id, act="recipient.told_apart", subject_kind="recipient",
            subject_id=one.id, now=now, other=str(beside.id),
        )  # fmt: skip
    session.flush()


def _waiting(today: date) -> tuple[ColumnElement[bool], ...]:
    return (ClosePair.decision == "", or_(ClosePair.not_before.is_(None), ClosePair.not_before <= today))
