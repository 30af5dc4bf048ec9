"""People at a clinic: visits and doses. Every maker commits."""

from datetime import date, datetime
from itertools import count
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from app.domain.accounts.access import Actor, GrantedRole, Role
from app.domain.inventory.models import Lot
from app.domain.providers.models import Location
from app.domain.recipients.keys import name_key, sound_key
from app.domain.recipients.models import Listing, Recipient
from app.domain.vaccinations.administer_dose import AdministerDose, administer_dose
from app.domain.vaccinations.cautions import CAUTION_CODES
from app.domain.vaccinations.check_in import CheckIn, check_in
from app.domain.vaccinations.models import Administration, Visit
from app.domain.vaccinations.questionnaires import QUESTIONNAIRES, questionnaire_on
from app.domain.vaccinations.screen_visit import ScreenVisit, screen_visit
from app.infra import clock
from app.infra.search import fold

ZONE = ZoneInfo("America/New_York")
_numbers = count(1)


def nurse_at(location_id: UUID) -> Actor:
    """Somebody who may do everything of a clinic day, without an account behind."""
    return Actor("person", None, (GrantedRole(Role.LOCATION_MANAGER, "location", location_id),))


def someone(
    session: Session,
    at: Location | None = None,
    *,
    first_name: str = "Maria",
    last_name: str = "Lopez",
    birth_date: date = date(1950, 4, 28),
    **other: object,
) -> Recipient:
    """A recipient; with `at`, one whom the location lists."""
    email = other.get("email")
    made = Recipient(
        code=f"R{next(_numbers):07d}",
        first_name=first_name,
        last_name=last_name,
        birth_date=birth_date,
        first_folded=fold(first_name),
        last_folded=fold(last_name),
        name_key=name_key(first_name, last_name, birth_date),
        sound_key=sound_key(last_name, birth_date),
        email_folded=email.casefold() if isinstance(email, str) else None,
        source="test",
        created_at=clock.now(),
        **other,
    )
    session.add(made)
    session.flush()
    if at is not None:
        session.add(
            Listing(
                scope_kind="location",
                scope_id=at.id,
                recipient_id=made.id,
                how="upload",
                listed_at=clock.now(),
                last_folded=made.last_folded,
                first_folded=made.first_folded,
            )
        )
    session.commit()
    return made


def all_no(**yes: str) -> dict[str, str]:
    """Screening answers: "no" to every question of every edition, but to those named."""
    return {question.code: "no" for edition in QUESTIONNAIRES for question in edition.questions} | yes


def visit(
    session: Session,
    at: Location,
    recipient: Recipient | None = None,
    *,
    screened: bool = True,
    **answers: str,
) -> Visit:
    """A visit of today; screened with "no" to everything but `answers`."""
    recipient = recipient or someone(session, at)
    nurse, now = nurse_at(at.id), clock.now()
    if session.query(Listing).filter_by(scope_id=at.id, recipient_id=recipient.id).count() == 0:
        session.add(
            Listing(
                scope_kind="location",
                scope_id=at.id,
                recipient_id=recipient.id,
                how="visit",
                listed_at=now,
                last_folded=recipient.last_folded,
                first_folded=recipient.first_folded,
            )
        )
        session.flush()
    made = check_in(
        session, nurse, CheckIn(at.id, recipient_id=recipient.id), now=now, today=clock.local_date(now, ZONE)
    )
    if screened:
        asked = questionnaire_on(clock.local_date(now, ZONE))
        command = ScreenVisit(at.id, made.id, asked.edition, all_no(**answers))
        screen_visit(session, nurse, command, now=now)
    session.commit()
    return made


def dose(
    session: Session, at: Location, recipient: Recipient, stock: Lot, *, given_at: datetime | None = None
) -> Administration:
    """A dose given at a visit of its own, whatever speaks against it."""
    now = given_at or clock.now()
    nurse = nurse_at(at.id)
    came = Visit(
        location_id=at.id,
        recipient_id=recipient.id,
        day=clock.local_date(now, ZONE),
        status="screened",
        arrived_at=now,
        questionnaire=questionnaire_on(clock.local_date(now, ZONE)).edition,
        answers=all_no(),
        screened_at=now,
    )
    session.add(came)
    session.flush()
    given = administer_dose(
        session,
        nurse,
        AdministerDose(
            at.id,
            came.id,
            stock.id,
            "LD",
            "Ann Lee",
            "RN",
            True,
            given_at,
            dict.fromkeys(CAUTION_CODES, "a test"),
        ),
        now=clock.now(),
        zone=ZONE,
    )
    session.commit()
    return given
