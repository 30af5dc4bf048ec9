"""One sheet is entered, or the form says what to mend."""

from dataclasses import dataclass, field
from typing import Any

from flask_babel import format_date
from flask_babel import gettext as _

from app.domain.errors import Refusal
from app.domain.inventory.errors import LotUnusable, NoDosesLeft
from app.domain.vaccinations.cautions import Caution
from app.domain.vaccinations.enter_from_paper import EnterFromPaper, FromPaper, GivenThatDay, enter_from_paper
from app.domain.vaccinations.enter_from_paper_pile import Pile, add_to_pile
from app.domain.vaccinations.errors import BadDoseTime, NeedsReasons, TicketExpired, VisitEnded
from app.domain.vaccinations.find_for_visit import FoundPerson
from app.domain.vaccinations.paper_rows import moment_of, read_clock
from app.domain.vaccinations.walk_in import LooksKnown
from app.portals.provider.back_entry.forms import NEW_PERSON, SheetForm
from app.portals.provider.inventory.wording import WHY_NOT
from app.web.context import actor, db, note_read, now, settings
from app.web.forms import add_error


@dataclass
class Asked:
    """What a sheet that was not entered yet asks: who it is, or why the dose was given."""

    people: list[FoundPerson] = field(default_factory=list)
    cautions: tuple[Caution, ...] = ()

    @property
    def something(self) -> bool:
        """True when the page has a question."""
        return bool(self.people or self.cautions)


def enter_sheet(form: SheetForm, pile: Pile) -> FromPaper | Asked:
    """The dose, noted with its pile; otherwise what to ask. Mistakes stand at their fields."""
    if form.shown_for.data != form.name_typed():
        form.who.data = None
    try:
        made = enter_from_paper(db(), actor(), _command(form, pile), now=now(), zone=settings().zone)
    except LooksKnown as refusal:
        for person in refusal.people:
            note_read("recipient.shown_as_likely_duplicate", "recipient", person.recipient_id, pile.location_id)
        form.shown_for.data = form.name_typed()
        return Asked(people=refusal.people)
    except NeedsReasons as refusal:
        return Asked(cautions=refusal.cautions)
    except (BadDoseTime, GivenThatDay, LotUnusable, NoDosesLeft, TicketExpired, VisitEnded) as refusal:
        _explain(form, pile, refusal)
        return Asked()
    add_to_pile(db(), actor(), pile.location_id, made.dose.id, now=now())
    return made


def _command(form: SheetForm, pile: Pile) -> EnterFromPaper:
    at = read_clock(form.given_time.data) if form.given_time.data else None
    chosen = form.who.data or ""
    return EnterFromPaper(
        location_id=pile.location_id,
        lot_id=pile.lot_id,
        site=pile.site,
        clinician_name=pile.clinician_name,
        clinician_suffix=pile.clinician_suffix,
        fact_sheet_given=True,
        given_at=moment_of(pile.given_on, at, now=now(), zone=settings().zone),
        details=form.details(),
        answers=form.answers(),
        ticket="" if chosen == NEW_PERSON else chosen,
        different_person=chosen == NEW_PERSON,
        reasons=form.reasons(),
    )


def why_not_that_day(pile: Any, refusal: LotUnusable) -> str:
    """Why no dose of the lot can have been given on the day of the pile."""
    day = format_date(pile.given_on, "medium")
    return _("No dose of this lot can have been given on %(day)s: %(why)s", day=day, why=WHY_NOT[refusal.why][1])


def _explain(form: SheetForm, pile: Pile, refusal: Refusal) -> None:
    if isinstance(refusal, BadDoseTime) and refusal.fault == "future":
        add_error(form.given_time, _("This is in the future. Check the time, and the date of the pile"))
    elif isinstance(refusal, BadDoseTime):
        add_error(form.birth_date, _("The dose would be before the birth. Check this date"))
    elif isinstance(refusal, LotUnusable):
        form.form_errors.append(why_not_that_day(pile, refusal))
    elif isinstance(refusal, NoDosesLeft):
        form.form_errors.append(_("The last dose of this lot is taken. Change the lot of the pile, or count the shelf"))
    elif isinstance(refusal, TicketExpired):
        form.who.data = None
        form.form_errors.append(_("Look at the people of this name once more: press the button again"))
    else:
        form.form_errors.append(
            _("A dose of this day is on record for this person already. Nothing was entered a second time")
        )
