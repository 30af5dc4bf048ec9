"""A daily round: each location's managers get one mail with what is new since the last warning."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.domain.accounts.access import Role, system
from app.domain.accounts.invitations import holders
from app.domain.inventory.warnings import StockAlert, keep_warnings, warnings_of
from app.infra import outbox


def warn_location(
    session: Session, location_id: UUID, *, today: date, now: datetime, also: tuple[tuple[str, UUID], ...] = ()
) -> bool:
    """Note a location's warnings of today; mail its managers where there is a new one. True when somebody was mailed.

    `also` are warnings of other areas: (kind, subject).
    """
    found: list[StockAlert] = warnings_of(session, system("warnings"), location_id, today=today, now=now)
    fresh = keep_warnings(session, location_id, [*((one.kind, one.subject_id) for one in found), *also], now=now)
    managers = holders(session, Role.LOCATION_MANAGER, location_id) if fresh else []
    for grant in managers:
        outbox.publish(
            session, "inventory.warnings", now=now, about=location_id, location_id=str(location_id),
            account_id=str(grant.account_id),
        )  # fmt: skip
    return bool(managers)
