"""Every step is taken by the table of `states.py`, leaves its row, and both sides are told."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.domain.accounts.access import Actor, Role
from app.domain.accounts.invitations import holders
from app.domain.transfers import states
from app.domain.transfers.models import Transfer, TransferStep
from app.infra import audit, outbox

LONGEST_WHY = 500


def refuse_unless_now(transfer: Transfer, act: str) -> None:
    """Raise NotNow, before anything else is looked at and nothing has changed yet."""
    states.after(act, transfer.status)


def move(session: Session, actor: Actor, transfer: Transfer, act: str, *, now: datetime, why: str = "") -> None:
    """Take a step of a transfer that is held. Raises NotNow."""
    before = transfer.status
    transfer.status = states.after(act, before)
    transfer.version += 1
    if transfer.status not in states.OPEN:
        transfer.ended_at = now
    leave_row(session, actor, transfer, act, before, now=now, why=why)


def leave_row(
    session: Session, actor: Actor, transfer: Transfer, act: str, before: str, *, now: datetime, why: str = ""
) -> None:
    """The row of a step that was taken, its audit entry, and the mails."""
    session.add(
        TransferStep(
            transfer_id=transfer.id, at=now, act=act, before=before, after=transfer.status, by_id=actor.id,
            why=why.strip()[:LONGEST_WHY],
        )
    )  # fmt: skip
    audit.record(
        session, actor_kind=actor.kind, actor_id=actor.id, act=f"transfer.{act}", subject_kind="transfer",
        subject_id=transfer.id, place_id=transfer.from_location_id, now=now,
    )  # fmt: skip
    session.flush()
    _tell(session, actor, transfer, act, now)


def _tell(session: Session, actor: Actor, transfer: Transfer, act: str, now: datetime) -> None:
    """Managers of both sides, but not whoever did it: once each, though they may manage both."""
    told = {actor.id}
    for place in (transfer.from_location_id, transfer.to_location_id):
        for grant in holders(session, Role.LOCATION_MANAGER, place):
            if grant.account_id in told:
                continue
            told.add(grant.account_id)
            outbox.publish(
                session, "transfers.moved", now=now, about=transfer.id, transfer_id=str(transfer.id), act=act,
                account_id=str(grant.account_id), place_id=str(place),
            )  # fmt: skip
