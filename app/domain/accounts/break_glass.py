"""Break-glass: staff without a standing right to somebody's health answers open them for an hour, with a reason.

It is logged where the person reads it, told to those who watch over privacy, and looked at afterwards by somebody else.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from app.domain.accounts.access import PERMISSIONS, Actor, Permission, Role
from app.domain.accounts.models import Account, GlassOpening, Grant
from app.domain.errors import Conflict, NotAllowed, NotFound, Refusal
from app.infra import audit, outbox
from app.infra.db import one_at_a_time
from app.infra.paging import Slice, pack, unpack

LASTS = timedelta(minutes=60)
REASONS = ("harm", "complaint", "inquiry", "court", "error", "other")
OUTCOMES = ("justified", "unclear", "not_justified")
FEWEST_WORDS, LONGEST = 3, 1_000
Field = Literal["reason", "because", "outcome", "remark"]


class GlassClosed(NotAllowed):
    """The health answers of this person are not open to the actor now; they may ask for them with a reason."""


class BadReason(Refusal):
    """A reason of the list and at least three words of one's own, or an outcome, are missing."""

    def __init__(self, field: Field) -> None:
        super().__init__(field)
        self.field = field


class ReviewsOneself(NotAllowed):
    """Nobody reviews what they did themselves."""


@dataclass(frozen=True, slots=True)
class BreakGlass:
    """Whose record, why (one of REASONS), and why in one's own words."""

    recipient_id: UUID
    reason: str
    because: str


@dataclass(frozen=True, slots=True)
class ReviewOpening:
    """What somebody else thinks of it: one of OUTCOMES, and a remark, which all but a justified one need."""

    opening_id: UUID
    outcome: str
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Opening:
    """One opening for the list of reviews, with the name of who opened and who reviewed it ("" where nobody did)."""

    opening: GlassOpening
    by: str
    reviewed_by: str


def break_glass(session: Session, actor: Actor, command: BreakGlass, *, now: datetime) -> GlassOpening:
    """Open one person's health answers for an hour. What is open already stays as it is, and is returned.

    The caller has found the record, as it was kept. Raises BadReason, NotFound, NotAllowed.
    """
    actor.require(Permission.BREAK_GLASS, at=None)
    because = " ".join(command.because.split())
    if command.reason not in REASONS:
        raise BadReason("reason")
    if len(because.split()) < FEWEST_WORDS or len(because) > LONGEST:
        raise BadReason("because")
    one_at_a_time(session, f"glass:{actor.id}:{command.recipient_id}")
    known = _open(session, actor, command.recipient_id, now)
    if known is not None:
        return known
    if actor.id is None:
        raise NotAllowed
    made = GlassOpening(
        account_id=actor.id, recipient_id=command.recipient_id, reason=command.reason, because=because, opened_at=now,
        until=now + LASTS,
    )  # fmt: skip
    session.add(made)
    session.flush()
    audit.record(
        session, actor_kind=actor.kind, actor_id=actor.id, act="recipient.glass_broken", subject_kind="recipient",
        subject_id=command.recipient_id, now=now, opening=str(made.id), reason=command.reason,
    )  # fmt: skip
    for watcher in _watchers(session, besides=actor.id, now=now):
        outbox.publish(
            session, "accounts.glass_broken", now=now, about=made.id, opening_id=str(made.id), account_id=str(watcher)
        )
    return made


def open_until(session: Session, actor: Actor, recipient_id: UUID, now: datetime) -> datetime | None:
    """Until when the actor may read this person's health answers; None where they are not open to them."""
    found = _open(session, actor, recipient_id, now)
    return found.until if found else None


def require_open(session: Session, actor: Actor, recipient_id: UUID, *, now: datetime) -> datetime:
    """Until when. Raises GlassClosed where it is not open, NotFound or NotAllowed where it never can be."""
    actor.require(Permission.BREAK_GLASS, at=None)
    until = open_until(session, actor, recipient_id, now)
    if until is None:
        raise GlassClosed
    return until


def close_glass(session: Session, actor: Actor, recipient_id: UUID, *, now: datetime) -> None:
    """The actor has seen enough. Nothing happens where it is not open."""
    found = _open(session, actor, recipient_id, now)
    if found is not None:
        found.until = now
        _note(session, actor, found, "recipient.glass_closed", now)


def openings(
    session: Session, actor: Actor, *, reviewed: bool = False, after: str | None = None, size: int = 50
) -> Slice[Opening]:
    """What waits for a review, oldest first; or what was reviewed, newest first. Raises NotFound, NotAllowed."""
    query = _openings_visible_to(actor)
    order = GlassOpening.id.desc() if reviewed else GlassOpening.id
    query = query.where(GlassOpening.reviewed_at.is_not(None) if reviewed else GlassOpening.reviewed_at.is_(None))
    key = unpack(after, 1)
    try:
        seen = UUID(key[0]) if key else None
    except ValueError:
        seen = None
    if seen is not None:
        query = query.where(GlassOpening.id < seen if reviewed else GlassOpening.id > seen)
    rows = list(session.scalars(query.order_by(order).limit(size + 1)))
    shown = rows[:size]
    return Slice(_with_names(session, shown), pack(shown[-1].id) if len(rows) > size else None)


def get_opening(session: Session, actor: Actor, opening_id: UUID) -> Opening:
    """One of them. Raises NotFound, NotAllowed."""
    found = session.scalar(_openings_visible_to(actor).where(GlassOpening.id == opening_id))
    if found is None:
        raise NotFound(opening_id)
    return _with_names(session, [found])[0]


def review_opening(session: Session, actor: Actor, command: ReviewOpening, *, now: datetime) -> None:
    """Say what is to be thought of it, once. Raises BadReason, ReviewsOneself, Conflict, NotFound, NotAllowed."""
    found = session.scalar(
        _openings_visible_to(actor)
        .where(GlassOpening.id == command.opening_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFound(command.opening_id)
    if found.account_id == actor.id:
        raise ReviewsOneself
    remark = " ".join(command.remark.split())
    if command.outcome not in OUTCOMES:
        raise BadReason("outcome")
    if len(remark) > LONGEST or (command.outcome != "justified" and not remark):
        raise BadReason("remark")
    if found.reviewed_at is not None:
        raise Conflict(found.id)
    found.reviewed_at, found.reviewed_by_id, found.outcome, found.remark = now, actor.id, command.outcome, remark
    _note(session, actor, found, "access.opening_reviewed", now, outcome=command.outcome)


def openings_to_review(actor: Actor) -> Select[UUID]:
    """The ids of what waits for this actor: not their own."""
    actor.require(Permission.REVIEW_BREAK_GLASS, at=None)
    return select(GlassOpening.id).where(GlassOpening.reviewed_at.is_(None), GlassOpening.account_id != actor.id)


def find_opening(session: Session, opening_id: UUID) -> GlassOpening | None:
    """One of them for the mail about it. For jobs only."""
    return session.get(GlassOpening, opening_id)


def _openings_visible_to(actor: Actor) -> Select[GlassOpening]:
    actor.require(Permission.REVIEW_BREAK_GLASS, at=None)
    return select(GlassOpening)


def _open(session: Session, actor: Actor, recipient_id: UUID, now: datetime) -> GlassOpening | None:
    if not actor.may(Permission.BREAK_GLASS, at=None):
        return None
    return session.scalars(
        select(GlassOpening)
        .where(GlassOpening.account_id == actor.id, GlassOpening.recipient_id == recipient_id, GlassOpening.until > now)
        .order_by(GlassOpening.until.desc())
    ).first()


def _watchers(session: Session, *, besides: UUID, now: datetime) -> list[UUID]:
    """Everybody who may review, but for who opened it."""
    roles = [role.value for role in Role if Permission.REVIEW_BREAK_GLASS in PERMISSIONS[role]]
    return list(
        session.scalars(
            select(Account.id)
            .join(Grant, Grant.account_id == Account.id)
            .where(Grant.role.in_(roles), Grant.ended_at.is_(None), or_(Grant.until.is_(None), Grant.until > now))
            .where(Account.closed_at.is_(None), Account.email.is_not(None), Account.id != besides)
            .distinct()
            .order_by(Account.id)
        )
    )


def _with_names(session: Session, found: list[GlassOpening]) -> list[Opening]:
    ids = {one.account_id for one in found} | {one.reviewed_by_id for one in found if one.reviewed_by_id}
    names = {one.id: one.full_name for one in session.scalars(select(Account).where(Account.id.in_(ids)))}
    return [
        Opening(one, names.get(one.account_id, ""), names.get(one.reviewed_by_id, "") if one.reviewed_by_id else "")
        for one in found
    ]


def _note(session: Session, actor: Actor, found: GlassOpening, act: str, now: datetime, **facts: Any) -> None:
    kind, subject = ("recipient", found.recipient_id) if act.startswith("recipient.") else ("glass_opening", found.id)
    audit.record(
        session, actor_kind=actor.kind, actor_id=actor.id, act=act, subject_kind=kind, subject_id=subject, now=now,
        opening=str(found.id), **facts,
    )  # fmt: skip
    session.flush()
