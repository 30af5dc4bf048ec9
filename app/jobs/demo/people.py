"""The people of the demonstration: uploaded, registered, vaccinated, and those who wait at the clinic right now."""

import csv
import io
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from random import Random
from typing import TYPE_CHECKING
from uuid import UUID
from zoneinfo import ZoneInfo

from app.domain.accounts.access import Permission, system
from app.domain.program.industries import INDUSTRIES
from app.domain.recipients.ages import age_on
from app.domain.recipients.complete_registration import CompleteRegistration, complete_registration
from app.domain.recipients.own_record import own_recipient
from app.domain.recipients.registration import Registration, needs_guardian, registration_of
from app.domain.vaccinations.administer_dose import AdministerDose, administer_dose
from app.domain.vaccinations.check_in import CheckIn, check_in
from app.domain.vaccinations.questionnaires import questionnaire_on
from app.domain.vaccinations.screen_visit import ScreenVisit, screen_visit
from app.infra import clock
from app.jobs.demo import names

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

HEADINGS = (
    "First Name", "Last Name", "Date of Birth", "Email", "Phone", "Street", "City", "State", "County", "ZIP Code", "Gender",
    "Race", "Ethnicity", "Industry",
)  # fmt: skip
_RACES = ("White", "White", "White", "Black or African American", "Black or African American", "Asian",
          "American Indian or Alaska Native", "Other", "Prefer not to say")  # fmt: skip
_ETHNICITIES = ("Not Hispanic or Latino", "Not Hispanic or Latino", "Not Hispanic or Latino", "Hispanic or Latino")
_GENDERS = ("Female", "Male") * 12 + ("Prefer not to say",)
_INDUSTRIES = INDUSTRIES.labels + ("Other",) * 12
_WORK_WITH = {"health_care": "patients", "education": "school"}
_TERMS = "2021-03"


def rows(
    count: int, first: int, towns: Sequence[tuple[str, str, str]], chance: Random, today: date, *, youngest: int,
    industry: str = "",
) -> Iterator[list[str]]:  # fmt: skip
    """People as an upload names them; `first` keeps the e-mail addresses of several uploads apart.

    `industry`: that of all of them; where it is empty they work here and there, or not at all.
    """
    for number in range(first, first + count):
        name, surname = chance.choice(names.FIRST), chance.choice(names.LAST)
        town = chance.choice(towns)
        born = names.birth_date(chance, today, youngest=youngest)
        yield [
            name, surname, born.strftime("%m/%d/%Y"), f"{name}.{surname}.{number}@example.net".casefold(),
            f"919{chance.randint(2000000, 9999999)}", f"{chance.randint(1, 999)} {chance.choice(names.STREETS)} Street",
            town[0], "NC", town[1], town[2], chance.choice(_GENDERS), chance.choice(_RACES), chance.choice(_ETHNICITIES),
            industry or chance.choice(_INDUSTRIES),
        ]  # fmt: skip


def as_csv(people: list[list[str]]) -> bytes:
    """The rows as a file that an upload takes."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(HEADINGS)
    writer.writerows(people)
    return out.getvalue().encode()


def register(session: "Session", recipient_id: UUID, *, now: datetime, today: date) -> None:
    """Complete the registration of somebody whom an upload made known."""
    person = own_recipient(session, system("demo"), recipient_id, Permission.VIEW_OWN_RECORD)
    known = registration_of(person)
    told = {name: getattr(known, name) for name in Registration.__slots__}
    told |= {
        "contact_way": "email" if person.email else "none", "language": "en", "in_state": "yes", "in_person": "yes",
        "patient_contact": "no", "work_with": _WORK_WITH.get(person.industry, "none"),
        "student": _student(person.birth_date, today), "living": "none", "conditions": ("none",), "pregnant": "no", "terms": _TERMS,
        "sharing": _TERMS, "guardian": "Pat Guardian" if needs_guardian(person.birth_date, today) else "",
    }  # fmt: skip
    command = CompleteRegistration(recipient_id, person.version, Registration(**told), today)
    complete_registration(session, system("demo"), command, now=now)


def _student(birth_date: date, today: date) -> str:
    age = age_on(birth_date, today)
    return "high_school" if age < 18 else "college" if age < 22 else "no"


def arrive(
    session: "Session", location_id: UUID, recipient_id: UUID, *, now: datetime, zone: ZoneInfo, screened: bool
) -> UUID:
    """Check somebody in, and screen them when asked to. The id of the visit."""
    today = clock.local_date(now, zone)
    visit = check_in(session, system("demo"), CheckIn(location_id, recipient_id=recipient_id), now=now, today=today)
    if screened:
        questionnaire = questionnaire_on(today)
        answers = {question.code: "no" for question in questionnaire.questions}
        command = ScreenVisit(location_id, visit.id, questionnaire.edition, answers)
        screen_visit(session, system("demo"), command, now=now + timedelta(minutes=3))
    return visit.id


def vaccinate(
    session: "Session", location_id: UUID, visit_id: UUID, lot_id: UUID, nurse: str, *, now: datetime, zone: ZoneInfo
) -> None:
    """Give the dose that ends a visit. Nothing may speak against it: nobody is there to say why it is given."""
    command = AdministerDose(location_id, visit_id, lot_id, "LD", nurse, "RN", fact_sheet_given=True)
    administer_dose(session, system("demo"), command, now=now, zone=zone)
