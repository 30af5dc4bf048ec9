"""People who are on record twice: a name written in two ways, a nickname, a slip in a birth date."""

from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from app.domain.accounts.access import system
from app.domain.recipients.recipient_rows import RecipientRow
from app.domain.recipients.register import RegisterWalkIn, register_walk_in
from app.jobs.demo import clinics
from app.jobs.demo.clinics import Clinic
from app.jobs.demo.stage import Stage

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

_PEOPLE = (
    (("Lucía", "Hernández-Ortiz", date(1961, 11, 3), "9195550171", "lucia@example.net"), 31),
    (("Lucia", "Hernandez", date(1961, 11, 3), "9195550171", ""), 9),
    (("William", "Carter", date(1948, 2, 17), "9195550172", "wcarter@example.net"), 0),
    (("Bill", "Carter", date(1948, 2, 17), "9195550172", ""), 12),
    (("Thuy", "Nguyen", date(1972, 6, 8), "9195550173", ""), 0),
    (("Thuy", "Nguyen", date(1972, 8, 6), "9195550173", "thuy@example.net"), 0),
)


def enter_twice(session: "Session", stage: Stage, first: Clinic, second: Clinic) -> None:
    """Each pair once at either clinic; those with a number of days got a dose then."""
    for place, (details, days) in enumerate(_PEOPLE):
        clinic = (first, second)[place % 2]
        recipient_id = _add(session, stage, clinic, *details)
        if days:
            clinics.give(session, stage, clinic, recipient_id, clinic.stock.main_lot, stage.open_hours(days))


def _add(
    session: "Session", stage: Stage, clinic: Clinic, first: str, last: str, born: date, phone: str, email: str
) -> UUID:
    town = clinic.place.town
    row = RecipientRow(
        number=0, first_name=first, middle_name="", last_name=last, suffix="", birth_date=born, email=email, phone=phone,
        street="", city=town[0], county_fips=town[1], state_abbr="NC", zip=town[2], gender="", races=(), ethnicity="",
        industry="", external_id="",
    )  # fmt: skip
    command = RegisterWalkIn(clinic.place.id, row, different_person=True)
    return register_walk_in(session, system("demo"), command, now=stage.ago(32)).id
