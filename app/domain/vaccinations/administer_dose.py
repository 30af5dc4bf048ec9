"""Use case: a dose is given. Stock falls by one in the same transaction."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.domain.accounts.access import Actor, Permission
from app.domain.inventory.draw_dose import DrawDose, draw_dose
from app.domain.inventory.models import Lot
from app.domain.inventory.queries import get_lot
from app.domain.providers.queries import refuse_closed
from app.domain.recipients.models import Recipient
from app.domain.vaccinations.cautions import Caution, cautions_of_product, cautions_of_screening
from app.domain.vaccinations.errors import BadDose, BadDoseTime, NeedsReasons, VisitEnded
from app.domain.vaccinations.guardian_consent import require_consent
from app.domain.vaccinations.history import GivenDose, doses_of
from app.domain.vaccinations.models import Administration, Visit
from app.domain.vaccinations.sites import INTRAMUSCULAR, SITES, SUFFIXES
from app.domain.vaccinations.visits import OPEN, get_visit, person_at, screening_of
from app.infra import audit, clock, outbox
from app.infra.db import new_id, one_at_a_time

CLOCKS_DIFFER = timedelta(minutes=2)
LONGEST_REASON = 255


@dataclass(frozen=True, slots=True)
class AdministerDose:
    """One dose. `given_at` is None for "now"; `reasons` say, by caution, why it is given all the same.

    `ask_consent`: the person is there now, so a minor needs the consent of a parent or guardian. What is entered from
    paper later was agreed to on paper.
    """

    location_id: UUID
    visit_id: UUID
    lot_id: UUID
    site: str
    clinician_name: str
    clinician_suffix: str
    fact_sheet_given: bool
    given_at: datetime | None = None
    reasons: dict[str, str] = field(default_factory=dict)
    ask_consent: bool = False


def administer_dose(
    session: Session, actor: Actor, command: AdministerDose, *, now: datetime, zone: ZoneInfo
) -> Administration:
    """Record a dose and end the visit. The dose number follows from the person's other doses.

    Raises NeedsReasons (with the cautions that lack one), ConsentMissing, BadDoseTime, BadDose, VisitEnded, NotFound,
    and from the stock NoDosesLeft and LotUnusable.
    """
    actor.require(Permission.ADMINISTER_DOSES, at=command.location_id)
    refuse_closed(session, command.location_id)
    _check(command)
    visit = get_visit(session, actor, command.location_id, command.visit_id)
    lot = get_lot(session, actor, command.location_id, command.lot_id)
    recipient = _hold_person(session, visit)
    given_at = _given_at(command, recipient, now, zone)
    # All or nothing: a page that shows why something was refused must find neither an ended visit nor a dose in the history.
    with session.begin_nested():
        _end(session, visit, now)
        if command.ask_consent:
            require_consent(session, visit, today=clock.local_date(given_at, zone), now=now)
        doses = doses_of(session, recipient.id)
        cautions = cautions_for(visit, recipient.birth_date, lot, given_at, doses, zone)
        overrides = _overrides(cautions, command.reasons)
        dose = _record(session, actor, command, visit, lot, given_at, doses, overrides, now, zone)
        _renumber(session, [later for later in doses if later.given_at > given_at])
        drawn = DrawDose(command.location_id, lot.id, dose.id, given_on=dose.given_on, given_at=given_at)
        draw_dose(session, actor, drawn, now=now)
    audit.record(
        session,
        actor_kind=actor.kind,
        actor_id=actor.id,
        act="recipient.dose_recorded",
        subject_kind="recipient",
        subject_id=recipient.id,
        place_id=command.location_id,
        now=now,
        overridden=list(overrides),
    )
    if recipient.email:
        outbox.publish(
            session, "vaccinations.dose_recorded", now=now, about=recipient.id, administration_id=str(dose.id)
        )
    return dose


def cautions_for(
    visit: Visit, birth_date: date, lot: Lot, given_at: datetime, doses: list[GivenDose], zone: ZoneInfo
) -> tuple[Caution, ...]:
    """Everything that speaks against giving a dose of this lot at that moment to a person with these doses."""
    earlier = [dose for dose in doses if dose.given_at <= given_at]
    screening, given_on = screening_of(visit), clock.local_date(given_at, zone)
    return cautions_of_screening(screening, lot.product) + cautions_of_product(
        lot.product, birth_date, given_on, earlier,
        weakened=screening is not None and screening.weakened,
    )  # fmt: skip


def _hold_person(session: Session, visit: Visit) -> Recipient:
    """Who gets the dose, whose doses nobody else changes until the transaction ends.

    The visit may have been opened for a record that was joined with another since: the doses of both count.
    """
    for record_id in sorted({visit.recipient_id, person_at(session, visit).id}):
        one_at_a_time(session, f"doses:{record_id}")
    session.refresh(visit.recipient, ["merged_into_id"])
    return person_at(session, visit)


def _check(command: AdministerDose) -> None:
    wrong = {
        "site": SITES.by_code(command.site) is None,
        "clinician_suffix": SUFFIXES.by_code(command.clinician_suffix) is None,
        "clinician_name": not 0 < len(command.clinician_name.strip()) <= 130,
        "fact_sheet_given": not command.fact_sheet_given,
    }
    for name, is_wrong in wrong.items():
        if is_wrong:
            raise BadDose(name)


def _end(session: Session, visit: Visit, now: datetime) -> None:
    """Close the visit in one statement: of two people who give "the same" dose, the second is told."""
    ended = session.execute(
        update(Visit)
        .where(Visit.id == visit.id, Visit.status.in_(OPEN))
        .values(status="vaccinated", ended_at=now)
        .returning(Visit.id)
        .execution_options(synchronize_session="evaluate")
    ).first()
    if ended is None:
        raise VisitEnded


def _given_at(command: AdministerDose, recipient: Recipient, now: datetime, zone: ZoneInfo) -> datetime:
    given_at = command.given_at or now
    if given_at > now + CLOCKS_DIFFER:
        raise BadDoseTime("future")
    if clock.local_date(given_at, zone) < recipient.birth_date:
        raise BadDoseTime("before_birth")
    return given_at


def _overrides(cautions: tuple[Caution, ...], reasons: dict[str, str]) -> dict[str, str]:
    said = {code: reason.strip()[:LONGEST_REASON] for code, reason in reasons.items() if reason.strip()}
    missing = tuple(caution for caution in cautions if caution.code not in said)
    if missing:
        raise NeedsReasons(missing)
    return {caution.code: said[caution.code] for caution in cautions}


def _record(
    session: Session,
    actor: Actor,
    command: AdministerDose,
    visit: Visit,
    lot: Lot,
    given_at: datetime,
    doses: list[GivenDose],
    overrides: dict[str, str],
    now: datetime,
    zone: ZoneInfo,
) -> Administration:
    given_on = clock.local_date(given_at, zone)
    dose = Administration(
        id=new_id(),
        recipient_id=visit.recipient_id,
        visit_id=visit.id,
        location_id=command.location_id,
        lot_id=lot.id,
        lot=lot,
        product_id=lot.product_id,
        product=lot.product,
        status="completed",
        dose_number=1 + sum(dose.given_at <= given_at for dose in doses),
        given_at=given_at,
        given_on=given_on,
        site=command.site,
        route=INTRAMUSCULAR,
        clinician_name=command.clinician_name.strip(),
        clinician_suffix=command.clinician_suffix,
        fact_sheet=lot.product.rules_on(given_on).fact_sheet,
        overrides=overrides or None,
        recorded_at=now,
        recorded_by_id=actor.id,
    )
    session.add(dose)
    session.flush()
    return dose


def _renumber(session: Session, later: list[GivenDose]) -> None:
    """A dose entered after the fact moves those given after it."""
    for dose in later:
        session.execute(
            update(Administration).where(Administration.id == dose.id).values(dose_number=dose.number + 1)
        )


def get_dose(session: Session, actor: Actor, location_id: UUID, visit_id: UUID) -> Administration | None:
    """The dose of a visit to a location, if one was given and not removed. Raises NotFound for another location's visit."""
    visit = get_visit(session, actor, location_id, visit_id)
    return session.scalar(
        select(Administration).where(Administration.visit_id == visit.id, Administration.status == "completed")
    )


def recipient_of_dose(session: Session, administration_id: UUID) -> Recipient | None:
    """Whom a dose was given to, by the record that was kept; None when it counts no more. For jobs only."""
    dose = session.get(Administration, administration_id)
    if dose is None or dose.status != "completed":
        return None
    recipient = session.get(Recipient, dose.recipient_id)
    while recipient is not None and recipient.merged_into_id is not None:
        recipient = session.get(Recipient, recipient.merged_into_id)
    return recipient
