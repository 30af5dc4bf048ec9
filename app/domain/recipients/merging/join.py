"""Two records become one person's. The one way in which it is done, whoever decided it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from app.domain.accounts.access import Actor, Role
from app.domain.accounts.models import Account, Grant
from app.domain.recipients.closing.models import RecordClosure
from app.domain.recipients.events import records_joined
from app.domain.recipients.merging.errors import SamePerson
from app.domain.recipients.merging.fields import packed, take_over
from app.domain.recipients.merging.models import ClosePair, Merge, ToCompare
from app.domain.recipients.merging.pointers import point
from app.domain.recipients.models import BY_MERGE, Listing, Recipient
from app.domain.recipients.records import records_of
from app.infra import audit
from app.infra.db import new_id, one_at_a_time

How = Literal["staff", "mailbox", "guardian", "earlier"]


@dataclass(frozen=True, slots=True)
class Decided:
    """What was chosen: for a detail of FIELDS "kept" or "other" (else what only one of them tells is taken).

    `without`: the grants that end, so that one account is left. `lives`: what told of a death was a mistake.
    """

    how: How
    chosen: Mapping[str, str] = field(default_factory=dict)
    without: frozenset[UUID] = frozenset()
    lives: bool = False


def join_records(
    session: Session, actor: Actor, kept: Recipient, other: Recipient, decided: Decided, *, today: date, now: datetime
) -> Merge:
    """Let `other` read as `kept`. Both must be kept records. Raises SamePerson where they are one already.

    The caller has asked for the right to do so, and holds "matching", under which uploads look for people.
    """
    one_at_a_time(session, "matching")
    session.refresh(kept)
    session.refresh(other)
    if kept.id == other.id or kept.merged_into_id is not None or other.merged_into_id is not None:
        raise SamePerson(other.id)
    records = list(records_of(session, [kept.id, other.id]))
    merge = Merge(id=new_id(), kept_id=kept.id, other_id=other.id, how=decided.how, merged_at=now, merged_by_id=actor.id)
    merge.changes = {
        "fields": packed(take_over(session, kept, other, decided.chosen)),
        "grants": _end_grants(session, kept.id, records, decided.without, now),
        "listings": _list_where_other_is(session, kept, other, now),
        "closures": _take_back_closures(session, actor, records, now) if decided.lives else [],
    }
    session.add(merge)
    point(session, other, kept)
    _settle_pairs(session, actor, kept, other, now)
    for one, beside in ((kept, other), (other, kept)):
        audit.record(
            session, actor_kind=actor.kind, actor_id=actor.id, act="recipient.joined", subject_kind="recipient",
            subject_id=one.id, now=now, other=str(beside.id), merge=str(merge.id),
        )  # fmt: skip
    session.flush()
    records_joined(session, merge.id, kept.id, other.id, joined=True, today=today, now=now)
    return merge


def own_grants(session: Session, records: list[UUID]) -> list[tuple[Grant, Account]]:
    """The live rights of people to their own record, with their accounts, in the order in which they were given."""
    rows = session.execute(
        select(Grant, Account)
        .join(Account, Account.id == Grant.account_id)
        .where(Grant.scope_id.in_(records), Grant.role == Role.RECIPIENT.value)
        .where(Grant.ended_at.is_(None), Account.closed_at.is_(None))
        .order_by(Grant.id)
    )
    return [(grant, account) for grant, account in rows]


def _end_grants(
    session: Session, kept_id: UUID, records: list[UUID], without: frozenset[UUID], now: datetime
) -> list[str]:
    """End those that were chosen, and what an account would otherwise hold twice."""
    ended, held = [], set[UUID]()
    for grant, account in sorted(own_grants(session, records), key=lambda row: row[0].scope_id != kept_id):
        if grant.id in without or account.id in held:
            grant.ended_at = now
            ended.append(str(grant.id))
        else:
            held.add(account.id)
    return ended


def _list_where_other_is(session: Session, kept: Recipient, other: Recipient, now: datetime) -> list[str]:
    """Clinics that list the other record list the kept one. Employers go on seeing what they sent, and nothing else."""
    there = select(Listing.scope_id).where(Listing.recipient_id == kept.id)
    missing = session.scalars(
        select(Listing)
        .where(Listing.recipient_id == other.id, Listing.scope_kind == "location", Listing.scope_id.not_in(there))
        .order_by(Listing.id)
    )
    rows: list[dict[str, Any]] = [
        {
            "id": new_id(), "scope_kind": "location", "scope_id": one.scope_id, "recipient_id": kept.id,
            "last_folded": kept.last_folded, "first_folded": kept.first_folded, "sent_name": None,
            "external_id": one.external_id, "how": BY_MERGE, "listed_at": now,
        }
        for one in missing
    ]  # fmt: skip
    if rows:
        session.execute(insert(Listing), rows)
    return [str(row["id"]) for row in rows]


def _take_back_closures(session: Session, actor: Actor, records: list[UUID], now: datetime) -> list[str]:
    live = session.scalars(
        select(RecordClosure).where(RecordClosure.recipient_id.in_(records), RecordClosure.undone_at.is_(None))
    ).all()
    for closure in live:
        closure.undone_at, closure.undone_by_id, closure.undone_because = now, actor.id, "two records joined"
    return [str(closure.id) for closure in live]


def _settle_pairs(session: Session, actor: Actor, kept: Recipient, other: Recipient, now: datetime) -> None:
    """The pair is decided, other questions about the other record are moot, and the kept one is looked at anew."""
    left, right = sorted((kept.id, other.id))
    session.execute(
        update(ClosePair)
        .where(ClosePair.left_id == left, ClosePair.right_id == right)
        .values(decision="same", decided_at=now, decided_by_id=actor.id)
    )
    if session.get(ToCompare, kept.id) is None:
        session.add(ToCompare(recipient_id=kept.id))
