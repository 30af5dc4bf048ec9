"""Use case: what was written about a dose was wrong. The record is mended, what it said before is kept."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from app.domain.accounts.access import Actor
from app.domain.inventory.draw_dose import DrawDose, draw_dose
from app.domain.inventory.errors import LotUnusable
from app.domain.inventory.give_back_dose import GiveBackDose, give_back_dose
from app.domain.inventory.ledger import hold_lots
from app.domain.inventory.models import Lot
from app.domain.inventory.queries import get_lot, why_unusable
from app.domain.providers.queries import refuse_closed
from app.domain.vaccinations.administer_dose import CLOCKS_DIFFER
from app.domain.vaccinations.doses import facts_of, hold_dose, keep_change, person_of, said, settle_person
from app.domain.vaccinations.errors import BadDose, BadDoseTime, GivenElsewhere, NothingChanged
from app.domain.vaccinations.models import Administration
from app.domain.vaccinations.sites import SITES, SUFFIXES
from app.infra import clock


@dataclass(frozen=True, slots=True)
class CorrectDose:
    """The details as they should be, all of them. `version`: that of the dose that was looked at."""

    location_id: UUID
    dose_id: UUID
    version: int
    reason: str
    lot_id: UUID
    site: str
    given_at: datetime
    clinician_name: str
    clinician_suffix: str


def correct_dose(
    session: Session, actor: Actor, command: CorrectDose, *, now: datetime, zone: ZoneInfo
) -> Administration:
    """Mend a dose of the location. From another lot: one dose goes back to the first and is taken from the other.

    Raises BadDose, BadDoseTime, LotUnusable, NoDosesLeft, NothingChanged, GivenElsewhere, DoseChanged, DoseRemoved,
    NotFound.
    """
    reason = _check(command)
    dose = hold_dose(session, actor, command.location_id, command.dose_id, command.version)
    refuse_closed(session, command.location_id)
    if dose.lot is None:
        raise GivenElsewhere
    lot = get_lot(session, actor, command.location_id, command.lot_id)
    # A form shows minutes: the same minute is the same moment.
    moved = command.given_at.replace(second=0, microsecond=0) != dose.given_at.replace(second=0, microsecond=0)
    given_at = command.given_at if moved else dose.given_at
    _check_time(session, dose, given_at, now, zone)
    before = facts_of(dose)
    with session.begin_nested():
        _change_lot(session, actor, dose, lot, given_at, now, zone)
        dose.given_at, dose.given_on = given_at, clock.local_date(given_at, zone)
        dose.site, dose.clinician_suffix = command.site, command.clinician_suffix
        dose.clinician_name = command.clinician_name.strip()
        dose.fact_sheet = dose.product.rules_on(dose.given_on).fact_sheet
        after = facts_of(dose)
        if after == before:
            raise NothingChanged
        settle_person(session, dose.recipient_id, now=now)
    keep_change(
        session, actor, dose, "corrected", whose=dose.recipient_id, now=now, reason=reason, before=before, after=after
    )
    return dose


def _check(command: CorrectDose) -> str:
    wrong = {
        "site": SITES.by_code(command.site) is None,
        "clinician_suffix": SUFFIXES.by_code(command.clinician_suffix) is None,
        "clinician_name": not 0 < len(command.clinician_name.strip()) <= 130,
    }
    for name, is_wrong in wrong.items():
        if is_wrong:
            raise BadDose(name)
    return said(command.reason)


def _check_time(session: Session, dose: Administration, given_at: datetime, now: datetime, zone: ZoneInfo) -> None:
    if given_at > now + CLOCKS_DIFFER:
        raise BadDoseTime("future")
    if clock.local_date(given_at, zone) < person_of(session, dose.recipient_id).birth_date:
        raise BadDoseTime("before_birth")


def _change_lot(
    session: Session, actor: Actor, dose: Administration, lot: Lot, given_at: datetime, now: datetime, zone: ZoneInfo
) -> None:
    given_on = clock.local_date(given_at, zone)
    if dose.lot_id == lot.id or dose.lot_id is None:
        why = why_unusable(lot, given_on, balance=1, at=given_at) if given_at != dose.given_at else None
        if why:
            raise LotUnusable(why)
        return
    hold_lots(session, dose.location_id, [dose.lot_id, lot.id])
    given_back = GiveBackDose(dose.location_id, dose.lot_id, dose.id, to="stock", given_at=dose.given_at)
    give_back_dose(session, actor, given_back, now=now)
    draw_dose(session, actor, DrawDose(dose.location_id, lot.id, dose.id, given_on, given_at), now=now)
    dose.lot_id, dose.lot, dose.product_id, dose.product = lot.id, lot, lot.product_id, lot.product
