"""Demonstration data: a small state with its places, people and doses, all invented.

Everything is made by the same use cases as on the pages, so it keeps every rule; chance is seeded, so that two
demonstrations are alike. The parts are made in the order in which they happened, for lists are shown in that order.
"""

from datetime import datetime, timedelta
from random import Random
from uuid import UUID

from app.config import Settings
from app.domain.accounts.access import Role, system
from app.domain.accounts.devices.pair import OfferPairing, offer_pairing
from app.infra import outbox
from app.infra.db import Database
from app.infra.storage import FolderStorage
from app.jobs.demo import (
    clinics,
    counties,
    doubles,
    employers,
    enrollments,
    helpdesk,
    names,
    office,
    people,
    places,
    recipients,
    users,
)
from app.jobs.demo.clinics import Clinic
from app.jobs.demo.stage import Stage
from app.jobs.demo.users import DemoUser

SEED = 2021
KIOSK_CODE = "DEMO-2021"
_LOCATIONS, _ORGANIZATIONS, _LISTED = 40, 300, 2550
_SHARES = (0.26, 0.12, *[0.62 / 12] * 12)
_TODAY, _PROOFS = 15, 6
_NEWS = timedelta(days=2)


def build_demo(
    database: Database, storage: FolderStorage, settings: Settings, *, now: datetime, size: float = 1.0
) -> list[DemoUser]:
    """Fill an empty database; the answer is who may sign in. `size` 1.0 is the whole, tests make a smaller one."""
    stage = Stage(database, storage, settings, now, Random(SEED))  # noqa: S311 -- invented people need no secrets
    with database.transaction() as session:
        shown = office.admit_office(session, stage)
        counties.bring_in_populations(session, stage, size)
    open_clinics, staff = _open_clinics(stage, max(3, round(_LOCATIONS * size)))
    contacts = _found_employers(stage, max(employers.SENDERS, round(_ORGANIZATIONS * size)))
    lists = _send_appointments(stage, open_clinics[: len(_SHARES)], max(110, round(_LISTED * size)))
    for clinic, listed in lists:
        clinics.live_through(stage, clinic, listed, proofs=_PROOFS if clinic is open_clinics[0] else 0)
    employers.send_lists(stage, contacts, size)
    with database.transaction() as session:
        persons = recipients.admit_recipients(session, stage, open_clinics[0])
        door = OfferPairing(open_clinics[0].place.id, "Front door", KIOSK_CODE, timedelta(days=3650))
        offer_pairing(session, system("demo"), door, now=now)
        doubles.enter_twice(session, stage, *open_clinics[:2])
        for days, applicant in zip((12, 6, 1), enrollments.APPLICANTS, strict=True):
            persons += enrollments.apply(session, storage, applicant, now=stage.ago(days))
        persons += helpdesk.open_help_desk(session, stage)
        office.run_the_week(session, stage, open_clinics, lists[0][1][0])
    first_list = lists[0][1]
    _send_doubtful(stage, open_clinics[0])
    clinics.fill_today(stage, open_clinics[0], first_list[-_TODAY:])
    with database.transaction() as session:
        outbox.file_away(session, due_before=now - _NEWS)
    return [*shown, *staff, employers.pat(), *persons]


def _open_clinics(stage: Stage, count: int) -> tuple[list[Clinic], list[DemoUser]]:
    """All locations with their stock; Mona Miller manages the first two, each other one has its own manager.

    Those that have given doses have a nurse.
    """
    opened = stage.ago(places.OPENED_DAYS_AGO - 1)
    with stage.database.transaction() as session:
        where = list(places.add_locations(session, stage, count))
        mona, staff = users.admit_staff(session, [place.id for place in where], now=opened, seen=stage.ago(1))
        made = []
        for number, place in enumerate(where):
            manager, manager_name, nurse = mona, "Mona Miller", "Helen Provo"
            if number > 1:
                name = _someone(stage)
                manager_name = " ".join(name)
                manager = users.admit_colleague(
                    session, Role.LOCATION_MANAGER, place.id, name, f"manager{number + 1}", now=opened, seen=stage.ago(number % 9)
                )  # fmt: skip
            if 0 < number < len(_SHARES):
                name = _someone(stage)
                nurse = " ".join(name)
                users.admit_colleague(
                    session, Role.HEALTHCARE_PROVIDER, place.id, name, f"nurse{number + 1}", now=opened, seen=stage.ago(1 + number % 4)
                )  # fmt: skip
            stock = places.fill_fridge(session, stage, place, number)
            made.append(Clinic(place, stock, manager, manager_name, nurse))
    return made, staff


def _someone(stage: Stage) -> tuple[str, str]:
    return stage.chance.choice(names.FIRST), stage.chance.choice(names.LAST)


def _found_employers(stage: Stage, count: int) -> list[employers.Contact]:
    with stage.database.transaction() as session:
        made = list(places.add_organizations(session, stage, count))
        return employers.admit_contacts(session, stage, made[: employers.SENDERS])


def _send_appointments(stage: Stage, some: list[Clinic], total: int) -> list[tuple[Clinic, list[UUID]]]:
    """Each clinic's list of those who want the vaccine, ten weeks ago; the first two are the largest."""
    lists = []
    for number, clinic in enumerate(some):
        rows = _people_of(stage, clinic, 10_000 + 2_000 * number, max(30, round(total * _SHARES[number])))
        spoiled = employers.spoil(rows, 2 if number == 1 else 0)
        filename = f"Appointments {clinic.place.town[0]}.csv"
        scope = ("location", clinic.place.id)
        found = stage.send(clinic.manager, clinic.manager_name, scope, filename, spoiled, days_ago=68 + number % 4)
        lists.append((clinic, list(dict.fromkeys(found))))
    return lists


def _people_of(stage: Stage, clinic: Clinic, first: int, count: int) -> list[list[str]]:
    towns = counties.homes(stage, clinic.place.town)
    return list(people.rows(count, first, towns, stage.chance, stage.today, youngest=clinic.youngest))


def _send_doubtful(stage: Stage, clinic: Clinic) -> None:
    """Yesterday's waiting list: newcomers, and four who look like somebody who is there already."""
    twins = Random(SEED + 1)  # noqa: S311 -- see above
    rows = list(people.rows(4, 8_000, (clinic.place.town,), twins, stage.today, youngest=clinic.youngest))
    scope = ("location", clinic.place.id)
    stage.send(clinic.manager, clinic.manager_name, scope, "Walk-in list.csv", rows, days_ago=9)
    alike = [[*row[:3], f"other.{number}@example.net", "", *row[5:9], "27999", *row[10:]] for number, row in enumerate(rows)]
    fresh = list(people.rows(9, 8_100, (clinic.place.town,), twins, stage.today, youngest=clinic.youngest))
    stage.send(clinic.manager, clinic.manager_name, scope, "Waiting list.csv", alike + fresh, days_ago=1)
