"""Demonstration data: a small state with its places, people and doses, all invented.

Everything is made by the same use cases as on the pages, so it keeps every rule; chance is seeded, so that two
demonstrations are alike.
"""

from datetime import datetime, timedelta
from random import Random
from typing import TYPE_CHECKING
from uuid import UUID

from app.config import Settings
from app.documents.proofs.issued import proof_renderer
from app.domain.accounts.access import system
from app.domain.accounts.sessions import actor_of
from app.domain.drafts.drafts import save_draft
from app.domain.organizations.confirm_organization import ConfirmOrganization, confirm_organization
from app.domain.organizations.queries import get_organization
from app.domain.recipients.recipient_rows import RecipientRow
from app.domain.recipients.register import RegisterWalkIn, register_walk_in
from app.domain.recipients.settle_upload import settle_upload
from app.domain.uploads.uploads import TakeUpload, settled_people, take_upload
from app.domain.vaccinations.issue_proof import WhichProof, issue_proof
from app.infra import clock
from app.infra.db import Database
from app.infra.storage import FolderStorage
from app.jobs.demo import enrollments, names, people, places, users
from app.jobs.demo.users import DemoUser

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.domain.accounts.models import Account

SEED = 2021


class Builder:
    """Makes one demonstration. `size` 1.0 is the whole; tests make a smaller one."""

    def __init__(
        self, database: Database, storage: FolderStorage, settings: Settings, now: datetime, size: float
    ) -> None:
        self.database, self.storage, self.settings, self.now = database, storage, settings, now
        self.zone, self.today = settings.zone, clock.local_date(now, settings.zone)
        self.chance = Random(SEED)  # noqa: S311 -- invented people need no secrets
        self.size = size
        self.users: list[DemoUser] = []
        self.clinics: list[people.Clinic] = []

    def run(self) -> list[DemoUser]:
        """Everything, in the order in which it happened."""
        mona = self._places()
        self._employer()
        listed = self._uploads(mona)
        self._doses(listed)
        self._recipients()
        self._enrollments()
        return self.users

    def _places(self) -> "Account":
        with self.database.transaction() as session:
            where = list(
                places.add_locations(session, max(2, round(40 * self.size)), self.chance, now=self._ago(days=70))
            )
            for number, place in enumerate(where):
                lots = places.stock(session, place, number, self.chance, now=self.now)
                self.clinics.append(people.Clinic(place.id, lots))
            mona, staff = users.admit_staff(session, [place.id for place in where], now=self._ago(days=69))
            self.users += staff
            session.flush()
            session.expunge_all()
        return mona

    def _employer(self) -> None:
        with self.database.transaction() as session:
            made = list(places.add_organizations(session, max(2, round(300 * self.size)), self.chance, now=self.now))
            pat, user = users.admit_contact(session, made[0].id, now=self._ago(days=40))
            self.users.append(user)
            session.flush()
            known = get_organization(session, system("demo"), made[0].id)
            confirm_organization(
                session, actor_of(pat),
                ConfirmOrganization(
                    known.id, known.version, known.name, known.industry, known.street, known.city, known.state_abbr,
                    known.zip, known.country, known.phone,
                ),
                now=self._ago(days=39),
            )  # fmt: skip
        rows = list(people.rows(round(87 * max(self.size, 0.2)), 90_000, names.TOWNS[:6], self.chance, self.today))
        spoiled = [[*row[:2], "31/31/1980", "nowhere", *row[4:]] for row in rows[:3]] + rows[3:]
        self._send(pat, "organization", made[0].id, "Employees March.csv", spoiled, self._ago(days=30))
        self._send(pat, "organization", made[0].id, "Employees April.csv", rows[3:12] + rows[:1], self._ago(days=6))

    def _uploads(self, mona: "Account") -> list[UUID]:
        """Lists of the first two locations' people; some look like somebody who is there already."""
        first = self.clinics[0].id
        total = max(60, round(2900 * self.size))
        rows = list(people.rows(total, 10_000, names.TOWNS, self.chance, self.today))
        known = self._send(mona, "location", first, "Appointments of the county.csv", rows, self._ago(days=50))
        alike = [[row[0], row[1], row[2], f"other.{place}@example.net", "", *row[5:9], "27999", *row[10:]]
                 for place, row in enumerate(rows[:4])]  # fmt: skip
        self._send(mona, "location", first, "Waiting list.csv", alike + rows[10:20], self._ago(days=3))
        return known

    def _send(
        self, account: "Account", kind: str, place: UUID, filename: str, rows: list[list[str]], when: datetime
    ) -> list[UUID]:
        with self.database.transaction() as session:
            upload = take_upload(
                session, actor_of(account), self.storage,
                TakeUpload(kind, place, filename, people.as_csv(rows), len(rows), account.full_name), now=when,
            )  # fmt: skip
            upload_id = upload.id
        settle_upload(self.database, self.storage, upload_id, zone=self.zone)
        with self.database.reading() as session:
            return settled_people(session, upload_id)

    def _doses(self, listed: list[UUID]) -> None:
        """A third is registered, a fifth has had a first dose, some of these the second; a few wait right now."""
        clinic = self.clinics[0]
        lot = clinic.lots[0]
        once = listed[: len(listed) // 5]
        with self.database.transaction() as session:
            for place, recipient_id in enumerate(listed[: len(listed) // 3]):
                people.register(session, recipient_id, now=self._ago(days=45 - place % 40), today=self.today)
            for place, recipient_id in enumerate(once):
                self._dose(session, clinic, recipient_id, lot, self._ago(days=36 - place % 30, hours=place % 8))
            for place, recipient_id in enumerate(once[::2]):
                if place % 30 < 2:
                    self._dose(session, clinic, recipient_id, lot, self._ago(days=1, hours=place % 8))
            for place, recipient_id in enumerate(listed[-9:]):
                came = self.now - timedelta(minutes=35 - 4 * place)
                people.arrive(session, clinic, recipient_id, now=came, zone=self.zone, screened=place < 3)

    def _dose(self, session: "Session", clinic: people.Clinic, recipient_id: UUID, lot: UUID, when: datetime) -> None:
        people.vaccinate(session, clinic, recipient_id, lot, "Helen Provo", now=when, zone=self.zone)

    def _recipients(self) -> None:
        """Three people with accounts: one with two doses and a proof, one in the middle of the form, one new."""
        clinic = self.clinics[0]
        with self.database.transaction() as session:
            two = self._walk_in(session, "Rosa", "Two", self._ago(days=40))
            people.register(session, two, now=self._ago(days=40), today=self.today)
            for days in (38, 8):
                self._dose(session, clinic, two, clinic.lots[0], self._ago(days=days))
            paused = self._walk_in(session, "Ruth", "Paused", self._ago(days=10))
            new = self._walk_in(session, "Ray", "New", self._ago(days=2))
            for recipient_id, last, name, role in (
                (two, "Rosa Two", "rtwo-10001", "Recipient, two doses"),
                (paused, "Ruth Paused", "rpaused-10002", "Recipient, form paused"),
                (new, "Ray New", "rnew-10003", "Recipient, new"),
            ):
                first, surname = last.split()
                account, user = users.admit_recipient(
                    session, recipient_id, (first, surname), name, role, now=self._ago(days=2)
                )
                self.users.append(user)
                if recipient_id == paused:
                    self._pause(session, account, paused)
            issue_proof(
                session, system("demo"), WhichProof(two), storage=self.storage, now=self.now,
                render=proof_renderer(self.settings, now=self.now),
            )  # fmt: skip

    def _enrollments(self) -> None:
        """One application under review, one that waits for signatures, one that has just begun."""
        with self.database.transaction() as session:
            for days, applicant in zip((12, 6, 1), enrollments.APPLICANTS, strict=True):
                self.users += enrollments.apply(session, self.storage, applicant, now=self._ago(days=days))

    def _pause(self, session: "Session", account: "Account", recipient_id: UUID) -> None:
        typed = {"name": {"first_name": ["Ruth"], "last_name": ["Paused"], "birth_confirmed": ["y"]},
                 "contact": {"contact_way": ["email"], "language": ["en"], "email": ["ruth@example.net"]}}  # fmt: skip
        kept = {"steps": typed, "done": ["name"], "version": 1}
        save_draft(
            session, account.id, "registration", recipient_id, "contact", kept, now=self._ago(days=1), paused=True
        )

    def _walk_in(self, session: "Session", first: str, last: str, when: datetime) -> UUID:
        town = names.TOWNS[0]
        row = RecipientRow(
            number=0, first_name=first, middle_name="", last_name=last, suffix="", birth_date=names.birth_date(self.chance, self.today),
            email=f"{first}@example.net".casefold(), phone="9195550100", street="12 Oak Street", city=town[0],
            county_fips=town[1], state_abbr="NC", zip=town[2], gender="female", races=("2106-3",), ethnicity="2186-5",
            industry="other", external_id="",
        )  # fmt: skip
        made = register_walk_in(
            session, system("demo"), RegisterWalkIn(self.clinics[0].id, row, different_person=True), now=when
        )
        return made.id

    def _ago(self, days: int = 0, hours: int = 0) -> datetime:
        return self.now - timedelta(days=days, hours=hours)


def build_demo(
    database: Database, storage: FolderStorage, settings: Settings, *, now: datetime, size: float = 1.0
) -> list[DemoUser]:
    """Fill an empty database; the answer is who may sign in."""
    return Builder(database, storage, settings, now, size).run()
