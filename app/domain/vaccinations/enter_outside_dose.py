"""Use case: a dose that was given elsewhere is entered, with what was seen of it. No stock is touched."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from app.domain.accounts.access import Actor, Permission
from app.domain.errors import NotFound
from app.domain.program.products import get_product
from app.domain.providers.queries import refuse_closed
from app.domain.vaccinations.doses import facts_of, keep_change, settle_person
from app.domain.vaccinations.errors import AlreadyOnRecord, BadDose, BadDoseTime
from app.domain.vaccinations.history import doses_of
from app.domain.vaccinations.models import Administration
from app.domain.vaccinations.sources import OUTSIDE_SOURCES
from app.domain.vaccinations.visits import listed_recipient
from app.infra import clock
from app.infra.db import one_at_a_time

LONGEST = {"place_name": 120, "lot_number": 30, "evidence": 500}


@dataclass(frozen=True, slots=True)
class EnterOutsideDose:
    """`source`: of OUTSIDE_SOURCES. `evidence`: what was seen, in words. The lot may be unknown."""

    location_id: UUID
    recipient_id: UUID
    product_id: UUID
    given_on: date
    source: str
    place_name: str
    evidence: str
    lot_number: str = ""


def enter_outside_dose(
    session: Session, actor: Actor, command: EnterOutsideDose, *, now: datetime, zone: ZoneInfo
) -> Administration:
    """Put the dose into its place among the person's doses. Nobody knows the hour: it counts as noon.

    It counts in the series; a proof shows it only where a card or a registry says so.
    Raises BadDose, BadDoseTime, AlreadyOnRecord, NotFound, NotAllowed.
    """
    actor.require(Permission.ADMINISTER_DOSES, at=command.location_id)
    refuse_closed(session, command.location_id)
    _check(command)
    person = listed_recipient(session, actor, command.location_id, command.recipient_id)
    try:
        product = get_product(session, command.product_id)
    except NotFound as unknown:
        raise BadDose("product_id") from unknown
    one_at_a_time(session, f"doses:{person.id}")
    for is_wrong, fault in (
        (command.given_on > clock.local_date(now, zone), "future"),
        (command.given_on < person.birth_date, "before_birth"),
        (command.given_on < product.effective_from, "before_product"),
    ):
        if is_wrong:
            raise BadDoseTime(fault)
    if any(dose.given_on == command.given_on for dose in doses_of(session, person.id)):
        raise AlreadyOnRecord
    dose = Administration(
        recipient_id=person.id, location_id=command.location_id, product_id=product.id, product=product, dose_number=1,
        given_at=min(datetime.combine(command.given_on, time(12), tzinfo=zone).astimezone(UTC), now),
        given_on=command.given_on, site="", route="", clinician_name="", recorded_at=now, recorded_by_id=actor.id,
        source=command.source, place_name=command.place_name.strip(), outside_lot=command.lot_number.strip(),
        evidence=command.evidence.strip(),
    )  # fmt: skip
    session.add(dose)
    settle_person(session, person.id, now=now)
    keep_change(session, actor, dose, "entered", whose=person.id, now=now, after=facts_of(dose))
    session.refresh(dose)
    return dose


def _check(command: EnterOutsideDose) -> None:
    if OUTSIDE_SOURCES.by_code(command.source) is None:
        raise BadDose("source")
    for name, longest in LONGEST.items():
        text = getattr(command, name).strip()
        if len(text) > longest or (not text and name != "lot_number"):
            raise BadDose(name)
