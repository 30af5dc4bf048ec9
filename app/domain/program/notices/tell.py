"""Everybody who works in a portal that a notice is for is told by mail, once each; a worker that dies loses and doubles none.

Each portion is one transaction: the mails, and the account up to which they are written. Recipients are not mailed: there
are millions, and their pages say it.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from app.domain.accounts.access import Actor, Permission, Role
from app.domain.accounts.models import Account, Grant
from app.domain.program.notices.models import Notice
from app.infra import outbox
from app.infra.db import Database

PORTION = 500
ROLES: dict[str, tuple[Role, ...]] = {
    "enrollment": (Role.ORGANIZATION_ADMINISTRATOR, Role.VACCINE_COORDINATOR, Role.OFFICER_CEO, Role.OFFICER_CMO),
    "provider": (Role.LOCATION_MANAGER, Role.HEALTHCARE_PROVIDER),
    "organization": (Role.ORGANIZATION_CONTACT,),
    "helpdesk": (Role.HELP_DESK_REQUESTER, Role.HELP_DESK_AGENT, Role.HELP_DESK_SUPERVISOR),
    "state": (Role.STATE_STAFF, Role.STATE_ADMINISTRATOR),
}


def tell_due(database: Database, *, now: datetime, portion: int = PORTION) -> int:
    """Write the mails that are due; returns how many. Run again, or by two at once, it writes none twice."""
    told = 0
    while True:
        with database.transaction() as session:
            written = _one_portion(session, now, portion)
        if written is None:
            return told
        told += written


def people_to_tell(session: Session, actor: Actor, portals: list[str], *, now: datetime) -> int:
    """How many accounts a mail to these portals goes to. Raises NotFound, NotAllowed."""
    actor.require(Permission.MANAGE_NOTICES, at=None)
    return session.scalar(select(func.count()).select_from(_accounts(portals, now).subquery())) or 0


def mail_to_write(session: Session, notice_id: UUID, account_id: UUID, *, cancelled: bool) -> tuple[Notice, Account] | None:
    """What the mail is about and whom it goes to; None where it is no longer true. For jobs only."""
    notice, account = session.get(Notice, notice_id), session.get(Account, account_id)
    if notice is None or account is None or not account.email:
        return None
    return (notice, account) if (notice.cancelled_at is not None) == cancelled else None


def _one_portion(session: Session, now: datetime, portion: int) -> int | None:
    """Mails to the next accounts of a notice that is due; None when there is none."""
    notice = session.scalars(
        select(Notice)
        .where(Notice.mail_at <= now, Notice.mail_done_at.is_(None), Notice.ends_at > now)
        .order_by(Notice.mail_at, Notice.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    ).first()
    if notice is None:
        return None
    query = _accounts(notice.portals, now)
    if notice.mail_through is not None:
        query = query.where(Account.id > notice.mail_through)
    accounts = list(session.scalars(query.order_by(Account.id).limit(portion)))
    what = "cancelled" if notice.cancelled_at else "planned"
    payloads = [{"notice_id": str(notice.id), "account_id": str(id_), "what": what} for id_ in accounts]
    outbox.publish_many(session, "program.notice", payloads, now=now, abouts=[notice.id] * len(accounts))
    if accounts:
        notice.mail_through = accounts[-1]
    if len(accounts) < portion:
        notice.mail_done_at = now
    return len(accounts)


def _accounts(portals: list[str], now: datetime) -> Select[UUID]:
    """Accounts with a role in one of the portals that has not ended, each once."""
    roles = [role.value for code in portals for role in ROLES.get(code, ())]
    held = (
        select(Grant.account_id)
        .where(Grant.role.in_(roles), Grant.ended_at.is_(None))
        .where(or_(Grant.until.is_(None), Grant.until > now))
    )
    return select(Account.id).where(Account.id.in_(held), Account.email.is_not(None), Account.closed_at.is_(None))
