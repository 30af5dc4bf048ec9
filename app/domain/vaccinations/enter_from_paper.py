"""Use case: a dose that was written on paper is entered: who it was, the answers, the dose, all or nothing."""

from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.accounts.access import Actor, Permission
from app.domain.program.industries import OTHER
from app.domain.providers.queries import refuse_closed
from app.domain.recipients.likely import find_likely_duplicates
from app.domain.recipients.matching import Match
from app.domain.recipients.models import Listing, Recipient
from app.domain.recipients.recipient_rows import RecipientRow
from app.domain.recipients.register import RegisterWalkIn, register_walk_in
from app.domain.vaccinations.administer_dose import AdministerDose, administer_dose
from app.domain.vaccinations.check_in import CheckIn, check_in, list_at
from app.domain.vaccinations.errors import AlreadyOnRecord, TicketExpired
from app.domain.vaccinations.find_for_visit import describe, read_ticket
from app.domain.vaccinations.history import GivenDose, doses_of
from app.domain.vaccinations.models import Administration
from app.domain.vaccinations.questionnaires import questionnaire_on
from app.domain.vaccinations.screen_visit import ScreenVisit, screen_visit
from app.domain.vaccinations.walk_in import MOST_SHOWN, LooksKnown
from app.infra import clock
from app.infra.db import one_at_a_time


@dataclass(frozen=True, slots=True)
class EnterFromPaper:
    """What one sheet says. `answers` by question of the edition of that day; None: they are not on the paper.

    `ticket` is that of a likely duplicate who was chosen; `different_person`: they were looked at, it is somebody else.
    `trust_same`: one sure match is taken without asking, whichever list has them (as an upload does); otherwise only
    somebody of the location's own list is.
    """

    location_id: UUID
    lot_id: UUID
    site: str
    clinician_name: str
    clinician_suffix: str
    fact_sheet_given: bool
    given_at: datetime
    details: RecipientRow
    answers: dict[str, str] | None
    ticket: str = ""
    different_person: bool = False
    trust_same: bool = False
    reasons: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FromPaper:
    """The dose that was entered, and whether its person was new."""

    dose: Administration
    new_person: bool


class GivenThatDay(AlreadyOnRecord):
    """A dose of that day is on the person's record: this one."""

    def __init__(self, dose: GivenDose) -> None:
        super().__init__(dose)
        self.dose = dose


def on_paper(first_name: str, last_name: str, birth_date: date, **further: object) -> RecipientRow:
    """A person as a sheet names them; whatever is not given is empty. The employer stays unknown, as for a walk-in."""
    empty = dict.fromkeys(
        ("middle_name", "suffix", "email", "phone", "street", "city", "county_fips", "state_abbr"), ""
    )
    rest: dict[str, object] = {**empty, "zip": "", "gender": "", "races": (), "ethnicity": "", "industry": OTHER}
    rest.update(number=0, external_id="", first_name=first_name, last_name=last_name, birth_date=birth_date, **further)
    return RecipientRow(**rest)  # type: ignore[arg-type]


def enter_from_paper(
    session: Session, actor: Actor, command: EnterFromPaper, *, now: datetime, zone: ZoneInfo
) -> FromPaper:
    """Find or make the person, and record the visit, its answers and the dose, as at the clinic.

    Raises LooksKnown, TicketExpired, GivenThatDay, IncompleteAnswers, and all that administer_dose raises; then
    nothing is kept, not even a new person.
    """
    actor.require(Permission.ADMINISTER_DOSES, at=command.location_id)
    refuse_closed(session, command.location_id)
    given_on = clock.local_date(command.given_at, zone)
    with session.begin_nested():
        one_at_a_time(session, "matching")
        known = _known(session, actor, command, now)
        person = known or register_walk_in(
            session, actor, RegisterWalkIn(command.location_id, command.details, different_person=True), now=now
        )
        _refuse_second(session, person, given_on)
        list_at(session, command.location_id, person, now)
        told = CheckIn(command.location_id, recipient_id=person.id, walk_in=known is None)
        visit = check_in(session, actor, told, now=now, today=given_on)
        if command.answers is not None:
            edition = questionnaire_on(given_on).edition
            screen_visit(session, actor, ScreenVisit(command.location_id, visit.id, edition, command.answers), now=now)
        dose = administer_dose(session, actor, _dose(command, visit.id), now=now, zone=zone)
    return FromPaper(dose, new_person=known is None)


def _dose(command: EnterFromPaper, visit_id: UUID) -> AdministerDose:
    return AdministerDose(
        location_id=command.location_id,
        visit_id=visit_id,
        lot_id=command.lot_id,
        site=command.site,
        clinician_name=command.clinician_name,
        clinician_suffix=command.clinician_suffix,
        fact_sheet_given=command.fact_sheet_given,
        given_at=command.given_at,
        reasons=command.reasons,
    )


def _known(session: Session, actor: Actor, command: EnterFromPaper, now: datetime) -> Recipient | None:
    """Who on record it is; None for a new person. Raises LooksKnown where somebody has to look, TicketExpired."""
    matches = find_likely_duplicates(session, command.details, today=now.date())
    if command.ticket:
        chosen = read_ticket(command.ticket, actor, command.location_id, now=now)
        # A ticket belongs to the name it was shown for: one that was typed anew since is another question.
        if chosen not in {match.known.kept_id for match in matches}:
            raise TicketExpired
        return session.get_one(Recipient, chosen)
    if command.different_person or not matches:
        return None
    if len(matches) == 1 and matches[0].kind == "same" and _may_take(session, command, matches[0]):
        return session.get_one(Recipient, matches[0].known.kept_id)
    ids = list(dict.fromkeys(match.known.kept_id for match in matches))[:MOST_SHOWN]
    records = {found.id: found for found in session.scalars(select(Recipient).where(Recipient.id.in_(ids)))}
    people = [records[one] for one in ids if one in records]
    raise LooksKnown(describe(session, actor, command.location_id, people, now=now))


def _may_take(session: Session, command: EnterFromPaper, match: Match) -> bool:
    listed = select(Listing.id).where(
        Listing.scope_id == command.location_id, Listing.recipient_id == match.known.kept_id
    )
    return command.trust_same or session.scalar(listed) is not None


def _refuse_second(session: Session, person: Recipient, given_on: date) -> None:
    """One dose a day: the same paper may lie in two piles."""
    one_at_a_time(session, f"visit:{person.id}")
    one_at_a_time(session, f"doses:{person.id}")
    that_day = [dose for dose in doses_of(session, person.id) if dose.given_on == given_on]
    if that_day:
        raise GivenThatDay(that_day[0])
