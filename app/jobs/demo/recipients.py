"""Three people with accounts: one with two doses and a proof, one in the middle of the form, one who has not begun."""

from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from app.domain.accounts.access import system
from app.domain.drafts.drafts import save_draft
from app.domain.recipients.recipient_rows import RecipientRow
from app.domain.recipients.register import RegisterWalkIn, register_walk_in
from app.jobs.demo import clinics, people, users
from app.jobs.demo.clinics import Clinic
from app.jobs.demo.stage import Stage
from app.jobs.demo.users import DemoUser

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

_FIRST_DOSE, _SECOND_DOSE = 34, 11


def admit_recipients(session: "Session", stage: Stage, clinic: Clinic) -> list[DemoUser]:
    """Rosa Two, Ruth Paused and Ray New."""
    rosa = _add(session, stage, clinic, ("Rosa", "Two"), date(1952, 5, 14), days_ago=40)
    people.register(session, rosa, now=stage.ago(40), today=stage.today)
    for days in (_FIRST_DOSE, _SECOND_DOSE):
        clinics.give(session, stage, clinic, rosa, clinic.stock.main_lot, stage.open_hours(days))
    clinics.print_proof(session, stage, rosa, at=stage.ago(_SECOND_DOSE - 1))
    ruth = _add(session, stage, clinic, ("Ruth", "Paused"), date(1967, 9, 2), days_ago=10)
    ray = _add(session, stage, clinic, ("Ray", "New"), date(1988, 1, 23), days_ago=2)
    _, with_doses = users.admit_recipient(
        session, rosa, ("Rosa", "Two"), "rtwo-10001", "Recipient, two doses", now=stage.ago(39)
    )
    account, paused = users.admit_recipient(
        session, ruth, ("Ruth", "Paused"), "rpaused-10002", "Recipient, form paused", now=stage.ago(9)
    )
    _, new = users.admit_recipient(session, ray, ("Ray", "New"), "rnew-10003", "Recipient, new", now=stage.ago(1))
    _pause(session, stage, account.id, ruth)
    return [with_doses, paused, new]


def _add(
    session: "Session", stage: Stage, clinic: Clinic, name: tuple[str, str], born: date, *, days_ago: int
) -> UUID:
    town = clinic.place.town
    row = RecipientRow(
        number=0, first_name=name[0], middle_name="", last_name=name[1], suffix="", birth_date=born,
        email=f"{name[0]}@example.net".casefold(), phone="9195550100", street="12 Oak Street", city=town[0],
        county_fips=town[1], state_abbr="NC", zip=town[2], gender="male" if name[0] == "Ray" else "female",
        races=("2106-3",), ethnicity="2186-5", industry="other", external_id="",
    )  # fmt: skip
    command = RegisterWalkIn(clinic.place.id, row, different_person=True)
    return register_walk_in(session, system("demo"), command, now=stage.ago(days_ago)).id


def _pause(session: "Session", stage: Stage, account_id: UUID, recipient_id: UUID) -> None:
    typed = {"name": {"first_name": ["Ruth"], "last_name": ["Paused"], "birth_confirmed": ["y"]},
             "contact": {"contact_way": ["email"], "language": ["en"], "email": ["ruth@example.net"]}}  # fmt: skip
    kept = {"steps": typed, "done": ["name"], "version": 1}
    save_draft(session, account_id, "registration", recipient_id, "contact", kept, now=stage.ago(1), paused=True)
