"""The people of the demonstration: uploaded, registered, vaccinated, and those who wait at the clinic right now."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random
from typing import TYPE_CHECKING
from uuid import UUID
from zoneinfo import ZoneInfo

from app.domain.accounts.access import Permission, system
from app.domain.recipients.complete_registration import CompleteRegistration, complete_registration
from app.domain.recipients.own_record import own_recipient
from app.domain.recipients.registration import Registration, needs_guardian, registration_of
from app.domain.vaccinations.administer_dose import AdministerDose, administer_dose
from app.domain.vaccinations.cautions import CAUTION_CODES
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
_TERMS = "2021-03"


@dataclass(frozen=True, slots=True)
class Clinic:
    """A location as the clinic day needs it."""

    id: UUID
    lots: list[UUID]


def rows(
    count: int, first: int, towns: tuple[tuple[str, str, str], ...], chance: Random, today: date
) -> Iterator[list[str]]:
    """People as an upload names them; `first` keeps the e-mail addresses of several uploads apart."""
    for number in range(first, first + count):
        name, surname = chance.choice(names.FIRST), chance.choice(names.LAST)
        town = chance.choice(towns)
        born = names.birth_date(chance, today)
        yield [
            name, surname, born.strftime("%m/%d/%Y"), f"{name}.{surname}.{number}@example.net".casefold(),
            f"919{chance.randint(2000000, 9999999)}", f"{chance.randint(1, 999)} {chance.choice(names.STREETS)} Street",
            town[0], "NC", town[1], town[2], chance.choice(("Female", "Male", "Female", "Male", "Prefer not to say")),
            chance.choice(_RACES), chance.choice(_ETHNICITIES), "Other",
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
        "patient_contact": "no", "living": "none", "conditions": ("none",), "pregnant": "no", "terms": _TERMS,
        "sharing": _TERMS, "guardian": "Pat Guardian" if needs_guardian(person.birth_date, today) else "",
    }  # fmt: skip
    command = CompleteRegistration(recipient_id, person.version, Registration(**told), today)
    complete_registration(session, system("demo"), command, now=now)


def arrive(
    session: "Session", clinic: Clinic, recipient_id: UUID, *, now: datetime, zone: ZoneInfo, screened: bool
) -> UUID:
    """Check somebody in, and screen them when asked to. The id of the visit."""
    today = clock.local_date(now, zone)
    visit = check_in(session, system("demo"), CheckIn(clinic.id, recipient_id=recipient_id), now=now, today=today)
    if screened:
        questionnaire = questionnaire_on(today)
        answers = {question.code: "no" for question in questionnaire.questions}
        command = ScreenVisit(clinic.id, visit.id, questionnaire.edition, answers)
        screen_visit(session, system("demo"), command, now=now)
    return visit.id


def vaccinate(
    session: "Session", clinic: Clinic, recipient_id: UUID, lot_id: UUID, by: str, *, now: datetime, zone: ZoneInfo
) -> None:
    """A whole visit with its dose, at that moment."""
    visit_id = arrive(session, clinic, recipient_id, now=now - timedelta(minutes=12), zone=zone, screened=True)
    command = AdministerDose(
        clinic.id,
        visit_id,
        lot_id,
        "LD",
        by,
        "RN",
        True,
        None,
        dict.fromkeys(CAUTION_CODES, "Invented for the demonstration"),
    )
    administer_dose(session, system("demo"), command, now=now, zone=zone)
