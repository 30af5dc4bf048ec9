"""Use case: a dose that was recorded was never given. It stays on record as entered in error and counts no more."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from sqlalchemy.orm import Session

from app.domain.accounts.access import Actor
from app.domain.inventory.give_back_dose import GiveBackDose, give_back_dose
from app.domain.providers.queries import refuse_closed
from app.domain.vaccinations.doses import (
    REMOVED,
    facts_of,
    hold_dose,
    keep_change,
    leave_without_dose,
    said,
    settle_person,
)
from app.domain.vaccinations.models import Administration


@dataclass(frozen=True, slots=True)
class RemoveDose:
    """`to`: where the vaccine is, back in stock or thrown away for `waste_reason` (WASTE_REASONS).

    Both say nothing about a dose that was given elsewhere.
    """

    location_id: UUID
    dose_id: UUID
    version: int
    reason: str
    to: Literal["stock", "waste"] = "stock"
    waste_reason: str = ""


def remove_dose(session: Session, actor: Actor, command: RemoveDose, *, now: datetime) -> Administration:
    """Take a dose off the person's record. Raises BadDose, BadValue, DoseChanged, DoseRemoved, NotFound, NotAllowed."""
    reason = said(command.reason)
    dose = hold_dose(session, actor, command.location_id, command.dose_id, command.version)
    refuse_closed(session, command.location_id)
    with session.begin_nested():
        if dose.lot_id is not None:
            given_back = GiveBackDose(
                command.location_id, dose.lot_id, dose.id, command.to, command.waste_reason, given_at=dose.given_at
            )
            give_back_dose(session, actor, given_back, now=now)
        dose.status = REMOVED
        leave_without_dose(session, dose, "dose_removed", now)
        settle_person(session, dose.recipient_id, now=now)
    stock = {"to": command.to, "waste_reason": command.waste_reason} if dose.lot_id else {}
    keep_change(
        session, actor, dose, "removed", whose=dose.recipient_id, now=now, reason=reason, before=facts_of(dose), **stock
    )
    return dose
