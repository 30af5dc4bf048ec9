"""Things to tell people, written in the transaction that caused them, told later by a job, at least once.

A message is claimed by a lease and the claim is committed before anything is sent. A lease that ran out after
sending began is `unsure`: staff see it, nothing repeats or loses it silently.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, Index, String, func, insert, or_, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.infra.db import Base, Database, new_id
from app.infra.leases import ran_out

MAX_ATTEMPTS = 8
LEASE = timedelta(minutes=2)
UNFINISHED = ("waiting", "sending", "failed", "unsure")


class OutboxMessage(Base):
    """One mail to send. `payload` holds ids and plain choices only: the text is made when it is sent.

    Those sent `in_bulk` wait behind the others: nobody's password reset waits for an employer's 5,000 invitations.
    A failed one that staff gave up (`given_up_at`) stays failed, and nobody is asked about it again.
    """

    __tablename__ = "outbox_message"
    __table_args__ = (Index(None, "status", "in_bulk", "due_at"), Index(None, "about_id"))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    kind: Mapped[str] = mapped_column(String(60))
    payload: Mapped[dict[str, Any]] = mapped_column(JSON)
    about_id: Mapped[UUID | None]
    due_at: Mapped[datetime]
    in_bulk: Mapped[bool] = mapped_column(default=False)
    status: Mapped[str] = mapped_column(String(10), default="waiting")
    attempts: Mapped[int] = mapped_column(default=0)
    leased_until: Mapped[datetime | None]
    sending_since: Mapped[datetime | None]
    done_at: Mapped[datetime | None]
    last_error: Mapped[str | None] = mapped_column(String(300))
    given_up_at: Mapped[datetime | None]
    given_up_by_id: Mapped[UUID | None]
    given_up_because: Mapped[str | None] = mapped_column(String(300))


@dataclass(frozen=True, slots=True)
class Claimed:
    """A message that this worker, and nobody else, may send now."""

    id: UUID
    kind: str
    payload: dict[str, Any]
    attempts: int


def publish(session: Session, kind: str, *, now: datetime, about: UUID | None = None, **payload: str) -> None:
    """Add one message to the transaction under way. It is due at once."""
    session.add(OutboxMessage(kind=kind, payload=payload, about_id=about, due_at=now))


def publish_many(
    session: Session, kind: str, payloads: list[dict[str, str]], *, now: datetime, abouts: list[UUID]
) -> None:
    """Add many messages of a kind in one statement, as bulk; `abouts` is as long as `payloads`."""
    if not payloads:
        return
    same = {"kind": kind, "due_at": now, "in_bulk": True, "status": "waiting"}
    rows = [
        same | {"id": new_id(), "payload": payload, "about_id": about}
        for payload, about in zip(payloads, abouts, strict=True)
    ]
    session.execute(insert(OutboxMessage), rows)


def claim(database: Database, *, now: datetime, limit: int = 20) -> list[Claimed]:
    """Lease up to `limit` due messages to the caller, and mark those whose lease ran out while sending as unsure."""
    with database.transaction() as session:
        session.execute(
            update(OutboxMessage)
            .where(OutboxMessage.status == "sending", ran_out(OutboxMessage.leased_until, LEASE, now=now))
            .values(status="unsure", last_error="The worker stopped while sending; it may or may not have arrived.")
        )
        due = (
            select(OutboxMessage.id)
            .where(OutboxMessage.status == "waiting", OutboxMessage.due_at <= now)
            .where(or_(OutboxMessage.leased_until.is_(None), ran_out(OutboxMessage.leased_until, LEASE, now=now)))
            .order_by(OutboxMessage.in_bulk, OutboxMessage.due_at, OutboxMessage.id)
            .limit(limit)
        )
        if not database.is_sqlite:
            due = due.with_for_update(skip_locked=True)
        rows = session.execute(
            update(OutboxMessage)
            .where(OutboxMessage.id.in_(due.scalar_subquery() if database.is_sqlite else list(session.scalars(due))))
            .values(leased_until=now + LEASE)
            .returning(OutboxMessage.id, OutboxMessage.kind, OutboxMessage.payload, OutboxMessage.attempts)
        ).all()
    return [Claimed(row.id, row.kind, row.payload, row.attempts) for row in rows]


def begin_sending(database: Database, message_id: UUID, *, now: datetime) -> bool:
    """Note that the conversation with the mail server starts now. False when the lease is no longer ours."""
    with database.transaction() as session:
        found = session.execute(
            update(OutboxMessage)
            .where(OutboxMessage.id == message_id, OutboxMessage.status == "waiting", OutboxMessage.leased_until > now)
            .values(status="sending", sending_since=now, leased_until=now + LEASE)
            .returning(OutboxMessage.id)
        ).all()
    return bool(found)


def finish(database: Database, message_id: UUID, *, now: datetime) -> None:
    """Sent, or needed no more."""
    _set(database, message_id, status="done", done_at=now, leased_until=None, last_error=None)


def retry_later(database: Database, message: Claimed, error: str, *, now: datetime) -> None:
    """Put it back with a growing pause; after the last attempt it is `failed` and staff see it."""
    attempts = message.attempts + 1
    if attempts >= MAX_ATTEMPTS:
        give_up(database, message.id, error)
        return
    pause = timedelta(minutes=2 ** min(attempts, 9))
    _set(
        database, message.id, status="waiting", due_at=now + pause, leased_until=None, last_error=error[:300],
        attempts=attempts,
    )  # fmt: skip


def postpone(database: Database, message_id: UUID, *, until: datetime) -> None:
    """Put a claimed message back until then; that it was looked at is no attempt to send it."""
    _set(database, message_id, due_at=until, leased_until=None)


def give_up(database: Database, message_id: UUID, error: str) -> None:
    """It will never work, or has been tried often enough."""
    _set(database, message_id, status="failed", leased_until=None, last_error=error[:300])


def mark_bounced(session: Session, message_id: UUID, why: str) -> bool:
    """A mail that was sent came back: staff and whoever caused it see it as failed. False when it is not known.

    `why` is the reason that the other server gave. For whatever reads the mailbox of the sender.
    """
    found = session.execute(
        update(OutboxMessage)
        .where(OutboxMessage.id == message_id, OutboxMessage.status.in_(("done", "unsure")))
        .values(status="failed", done_at=None, last_error=f"came back: {why}"[:300])
        .returning(OutboxMessage.id)
    ).all()
    return bool(found)


def send_again(session: Session, message_id: UUID, *, now: datetime) -> None:
    """Staff decided: a failed or unsure message goes out once more."""
    session.execute(
        update(OutboxMessage)
        .where(OutboxMessage.id == message_id, OutboxMessage.status.in_(("failed", "unsure")))
        .values(status="waiting", due_at=now, attempts=0, leased_until=None)
    )


def file_away(session: Session, *, due_before: datetime) -> None:
    """Take what was due before that moment as sent: for records that tell of the past, whose mails are no news."""
    session.execute(
        update(OutboxMessage)
        .where(OutboxMessage.status == "waiting", OutboxMessage.due_at < due_before)
        .values(status="done", done_at=OutboxMessage.due_at)
    )


def counts(session: Session) -> dict[str, int]:
    """How many messages are in each status other than done."""
    unfinished = OutboxMessage.status.in_(UNFINISHED)  # not `!= "done"`: that reads every mail ever sent
    rows = session.execute(
        select(OutboxMessage.status, func.count()).where(unfinished).group_by(OutboxMessage.status)
    )
    return {status: number for status, number in rows}  # noqa: C416 -- a Result is not a mapping for dict()


def troubled(session: Session, limit: int = 100) -> list[OutboxMessage]:
    """Failed and unsure messages, newest first."""
    return list(
        session.scalars(
            select(OutboxMessage)
            .where(OutboxMessage.status.in_(("failed", "unsure")))
            .order_by(OutboxMessage.id.desc())
            .limit(limit)
        )
    )


def _set(database: Database, message_id: UUID, **values: Any) -> None:
    with database.transaction() as session:
        session.execute(update(OutboxMessage).where(OutboxMessage.id == message_id).values(**values))
