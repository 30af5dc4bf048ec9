"""Employers and what their contacts sent: lists with mistakes, people who are known already, a list sent again."""

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from app.domain.accounts.access import Actor, system
from app.domain.organizations.confirm_organization import ConfirmOrganization, confirm_organization
from app.domain.organizations.create_point_of_contact import CreatePointOfContact, create_point_of_contact
from app.domain.organizations.queries import get_organization
from app.jobs.demo import names, people
from app.jobs.demo.places import Place
from app.jobs.demo.stage import Stage
from app.jobs.demo.users import PASSWORD, DemoUser, admit_invited

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

SENDERS = 7
_FIRST_ADDRESS = 90_000


@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody who sends lists for an employer."""

    actor: Actor
    name: str
    employer: Place


def admit_contacts(session: "Session", stage: Stage, employers: list[Place]) -> list[Contact]:
    """Pat at the first employer, and one contact at each of the others, all with details that were confirmed."""
    known = [("Pat", "Contact", "pat.contact@example.org")]
    for number in range(1, len(employers)):
        first, last = stage.chance.choice(names.FIRST), stage.chance.choice(names.LAST)
        known.append((first, last, f"{first}.{last}{number}@example.com".casefold()))
    return [_admit(session, stage, who, place) for who, place in zip(known, employers, strict=True)]


def pat() -> DemoUser:
    """The sign-in of the first contact."""
    return DemoUser("Point of Contact", "organization", "pat.contact@example.org.cvms.org", PASSWORD)


def _admit(session: "Session", stage: Stage, who: tuple[str, str, str], place: Place) -> Contact:
    first, last, email = who
    contact = create_point_of_contact(
        session, system("demo"),
        CreatePointOfContact(None, place.id, first, last, email, phone="9845550199", confirmed_right_person=True),
        now=stage.open_hours(44),
    )  # fmt: skip
    actor = admit_invited(session, contact.invitation_id, now=stage.open_hours(42))
    known = get_organization(session, system("demo"), place.id)
    confirm_organization(
        session, actor,
        ConfirmOrganization(
            known.id, known.version, known.name, known.industry, known.street, known.city, known.state_abbr, known.zip,
            known.country, known.phone,
        ),
        now=stage.open_hours(42) + timedelta(minutes=20),
    )  # fmt: skip
    return Contact(actor, f"{first} {last}", place)


def send_lists(stage: Stage, contacts: list[Contact], size: float) -> None:
    """Each contact's people. Pat's list had mistakes, was mended, and came again with new people later."""
    for number, contact in enumerate(contacts):
        count = round((87 if number == 0 else stage.chance.randint(25, 60)) * max(size, 0.2))
        rows = list(
            people.rows(
                count, _FIRST_ADDRESS + 1000 * number, (contact.employer.town, *names.TOWNS[:3]), stage.chance,
                stage.today, youngest=17, industry=contact.employer.industry,
            )
        )  # fmt: skip
        _send(stage, contact, "People of the plant.csv", spoil(rows, 3 if number == 0 else number % 3), 30 - number)
        if number == 0:
            _send(stage, contact, "People of the plant, mended.csv", rows[:5], 29)
            _send(stage, contact, "New this month.csv", rows[3:9] + _newcomers(stage, contact), 6)


def spoil(rows: list[list[str]], count: int) -> list[list[str]]:
    """The rows with mistakes of the usual kinds in the first few: a day that is none, no address, no such ZIP code."""
    spoiled = [list(row) for row in rows]
    for number, row in enumerate(spoiled[:count]):
        row[2 + number % 2] = ("31/31/1980", "no address", "February 30, 1971")[number % 3]
        row[9] = "276" if number == 0 else row[9]
    return spoiled


def _newcomers(stage: Stage, contact: Contact) -> list[list[str]]:
    return list(
        people.rows(
            8, _FIRST_ADDRESS + 900, (contact.employer.town,), stage.chance, stage.today, youngest=17,
            industry=contact.employer.industry,
        )
    )  # fmt: skip


def _send(stage: Stage, contact: Contact, filename: str, rows: list[list[str]], days_ago: int) -> None:
    scope = ("organization", contact.employer.id)
    stage.send(contact.actor, contact.name, scope, filename, rows, days_ago=days_ago)
