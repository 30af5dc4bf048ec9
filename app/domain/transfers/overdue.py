"""Doses that are on the way for too long, and the proof that none of those on the way is lost."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import case, func, or_, select
from sqlalchemy.orm import Session

from app.domain.accounts.access import Actor
from app.domain.inventory.models import StockEntry
from app.domain.transfers import states
from app.domain.transfers.models import Transfer, TransferLine
from app.domain.transfers.queries import transfers_visible_to

TOO_LONG = timedelta(hours=48)


def too_long_on_the_way(
    session: Session, actor: Actor, *, now: datetime, location_id: UUID | None = None
) -> list[Transfer]:
    """Transfers that were shipped more than 48 hours ago and have neither arrived nor come back, oldest first."""
    query = transfers_visible_to(actor).where(
        Transfer.status.in_(states.ON_THE_WAY), Transfer.shipped_at < now - TOO_LONG
    )
    if location_id is not None:
        query = query.where(or_(Transfer.from_location_id == location_id, Transfer.to_location_id == location_id))
    return list(session.scalars(query.order_by(Transfer.shipped_at, Transfer.id).limit(500)))


def transfers_that_differ(session: Session) -> list[tuple[UUID, int, int]]:
    """Transfers whose entries do not add up: (transfer, doses missing by the ledger, doses missing by the lines).

    While on the way, what left the shelf is what was shipped; at the end, it is what was explained as lost.
    Any is a defect.
    """
    shipped = func.coalesce(TransferLine.doses_shipped, 0)
    lost = case(
        (Transfer.status.in_(states.ON_THE_WAY), shipped), else_=shipped - func.coalesce(TransferLine.doses_arrived, 0)
    )
    said = select(func.coalesce(func.sum(lost), 0)).where(TransferLine.transfer_id == Transfer.id).scalar_subquery()
    booked = (
        select(func.coalesce(-func.sum(StockEntry.doses), 0))
        .where(StockEntry.subject_id == Transfer.id)
        .correlate(Transfer)
        .scalar_subquery()
    )
    rows = session.execute(select(Transfer.id, booked, said.correlate(Transfer)).where(booked != said))
    return [(transfer_id, int(ledger), int(lines)) for transfer_id, ledger, lines in rows]
