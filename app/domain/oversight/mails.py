"""The mails that wait, failed or are unsure, for the staff who look after them: sent again, or given up with a reason."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import Select, case, func, select, update
from sqlalchemy.orm import Session

from app.domain.accounts.access import Actor, Permission
from app.domain.accounts.models import Account, Invitation
from app.domain.errors import NotFound
from app.domain.oversight.errors import ReasonMissing
from app.infra import audit
from app.infra.outbox import OutboxMessage
from app.infra.paging import Slice, pack, unpack

Standing = Literal["failed", "unsure", "retried", "waiting", "sending", "given_up"]
STANDINGS: tuple[Standing, ...] = ("failed", "unsure", "retried", "waiting", "sending", "given_up")
PAGE, LONGEST_REASON = 50, 300
_ADDRESS = re.compile(r"[^\s<>\"',;:()]+@[^\s<>\"',;:()]+")


@dataclass(frozen=True, slots=True)
class MailLine:
    """One mail. `to` is masked for those who may not see addresses, "" where it is known only when it is written."""

    id: UUID
    kind: str
    standing: Standing
    to: str
    due_at: datetime
    attempts: int
    why: str
    given_up_because: str


@dataclass(frozen=True, slots=True)
class Counted:
    """How many mails of a kind stand so, and since when the oldest was due."""

    kind: str
    standing: Standing
    count: int
    oldest: datetime


def count_mails(session: Session, actor: Actor) -> list[Counted]:
    """What is not done, by kind and standing; given up ones are left out. One query over the unfinished alone."""
    standing = case((_of("retried"), "retried"), else_=OutboxMessage.status).label("standing")
    rows = session.execute(
        _mails_visible_to(actor)
        .with_only_columns(OutboxMessage.kind, standing, func.count(), func.min(OutboxMessage.due_at))
        .where(OutboxMessage.status.in_(("waiting", "sending", "failed", "unsure")), OutboxMessage.given_up_at.is_(None))
        .group_by(OutboxMessage.kind, standing)
    )
    found = [Counted(kind, stands, count, oldest) for kind, stands, count, oldest in rows]
    return sorted(found, key=lambda one: (STANDINGS.index(one.standing), one.kind))


def list_mails(
    session: Session, actor: Actor, standing: Standing, *, kind: str | None = None, after: str | None = None,
    size: int = PAGE,
) -> Slice[MailLine]:  # fmt: skip
    """A page of mails that stand so, newest first. Raises NotFound, NotAllowed."""
    query = _mails_visible_to(actor).where(_of(standing))
    if kind is not None:
        query = query.where(OutboxMessage.kind == kind)
    key = unpack(after, 1)
    try:
        seen = UUID(key[0]) if key else None
    except ValueError:
        seen = None
    if seen is not None:
        query = query.where(OutboxMessage.id < seen)
    rows = list(session.scalars(query.order_by(OutboxMessage.id.desc()).limit(size + 1)))
    return Slice(_lines(session, actor, rows[:size]), pack(rows[size - 1].id) if len(rows) > size else None)


def get_mail(session: Session, actor: Actor, message_id: UUID) -> MailLine:
    """One of them. Raises NotFound, NotAllowed."""
    found = session.scalar(_mails_visible_to(actor).where(OutboxMessage.id == message_id))
    if found is None:
        raise NotFound(message_id)
    return _lines(session, actor, [found])[0]


def send_mails_again(
    session: Session, actor: Actor, *, now: datetime, message_id: UUID | None = None, kind: str | None = None
) -> int:
    """One failed or unsure mail, or all of a kind, go out once more; returns how many. Done ones stay done."""
    wanted = _in_trouble(actor, message_id, kind)
    values = {"status": "waiting", "due_at": now, "attempts": 0, "leased_until": None}
    sent = _change(session, wanted, values | {"given_up_at": None, "given_up_by_id": None, "given_up_because": None})
    _note(session, actor, "mail.sent_again", message_id, kind, sent, now)
    return sent


def give_up_mails(
    session: Session, actor: Actor, because: str, *, now: datetime, message_id: UUID | None = None, kind: str | None = None
) -> int:
    """One failed or unsure mail, or all of a kind, are not sent, and nobody is asked again; returns how many.

    Whoever invited still sees that the mail did not arrive. Raises ReasonMissing.
    """
    reason = " ".join(because.split())[:LONGEST_REASON]
    if not reason:
        raise ReasonMissing
    wanted = (*_in_trouble(actor, message_id, kind), OutboxMessage.given_up_at.is_(None))
    values = {"status": "failed", "given_up_at": now, "given_up_by_id": actor.id, "given_up_because": reason}
    given_up = _change(session, wanted, values)
    _note(session, actor, "mail.given_up", message_id, kind, given_up, now)
    return given_up


def _mails_visible_to(actor: Actor) -> Select[OutboxMessage]:
    actor.require(Permission.VIEW_OPERATIONS, at=None)
    return select(OutboxMessage)


def _of(standing: Standing) -> Any:
    status, given_up = OutboxMessage.status, OutboxMessage.given_up_at
    if standing == "given_up":
        return (status == "failed") & given_up.is_not(None)
    if standing == "retried":
        return (status == "waiting") & OutboxMessage.last_error.is_not(None)
    if standing == "waiting":
        return (status == "waiting") & OutboxMessage.last_error.is_(None)
    return (status == standing) & given_up.is_(None)


def _in_trouble(actor: Actor, message_id: UUID | None, kind: str | None) -> tuple[Any, ...]:
    actor.require(Permission.VIEW_OPERATIONS, at=None)
    if message_id is None and kind is None:
        raise NotFound
    troubled = OutboxMessage.status.in_(("failed", "unsure"))
    if message_id is not None:
        return (troubled, OutboxMessage.id == message_id)
    return (troubled, OutboxMessage.kind == kind, OutboxMessage.given_up_at.is_(None))


def _change(session: Session, wanted: tuple[Any, ...], values: dict[str, Any]) -> int:
    changed = update(OutboxMessage).where(*wanted).values(**values).returning(OutboxMessage.id)
    return len(session.execute(changed, execution_options={"synchronize_session": False}).all())


def _note(
    session: Session, actor: Actor, act: str, message_id: UUID | None, kind: str | None, count: int, now: datetime
) -> None:
    if count:
        audit.record(
            session, actor_kind=actor.kind, actor_id=actor.id, act=act, subject_kind="mail", subject_id=message_id,
            now=now, kind=kind or "", count=count,
        )  # fmt: skip


def _lines(session: Session, actor: Actor, rows: Iterable[OutboxMessage]) -> list[MailLine]:
    shown = list(rows)
    clear = actor.may(Permission.VIEW_MAIL_ADDRESSES, at=None)
    addresses = _addresses(session, shown)

    def told(text: str) -> str:
        return text if clear else _ADDRESS.sub(lambda found: mask(found[0]), text)

    return [
        MailLine(
            one.id, one.kind, _standing(one), told(addresses.get(one.id, "")), one.due_at, one.attempts,
            told(one.last_error or ""), one.given_up_because or "",
        )
        for one in shown
    ]  # fmt: skip


def mask(address: str) -> str:
    """An address of which one letter and what follows the @ are left: a•••@example.org."""
    name, _, host = address.rpartition("@")
    return f"{name[:1]}•••@{host}"


def _standing(message: OutboxMessage) -> Standing:
    if message.status == "failed" and message.given_up_at is not None:
        return "given_up"
    if message.status == "waiting" and message.last_error is not None:
        return "retried"
    return next((one for one in STANDINGS if one == message.status), "waiting")


def _addresses(session: Session, rows: list[OutboxMessage]) -> dict[UUID, str]:
    """Where the mails of an invitation or an account go; for the others that is known only when they are written."""
    found: dict[UUID, str] = {}
    for name, id_column, email in (
        ("invitation_id", Invitation.id, Invitation.email), ("account_id", Account.id, Account.email),
    ):  # fmt: skip
        wanted = {row.id: UUID(row.payload[name]) for row in rows if row.payload.get(name)}
        if wanted:
            known = {key: value for key, value in session.execute(select(id_column, email).where(id_column.in_(set(wanted.values()))))}  # noqa: C416
            found |= {message_id: known.get(subject) or "" for message_id, subject in wanted.items()}
    return found
