"""The demonstration keeps every rule, and each of its people can sign in and see something."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import factory
from app.domain.accounts.access import system
from app.domain.accounts.idle import idle_accounts
from app.domain.accounts.models import Account
from app.domain.inventory.models import Lot
from app.domain.inventory.queries import balances_that_differ
from app.domain.organizations.models import Organization
from app.domain.organizations.search import search_organizations
from app.domain.recipients.models import Recipient
from app.domain.reporting.waiting import what_waits
from app.domain.uploads.models import UploadRow
from app.domain.vaccinations.models import Administration, Visit
from app.infra import clock
from app.infra.outbox import OutboxMessage
from app.jobs.demo import build
from app.jobs.demo.users import DemoUser
from app.web.context import Machines
from tests.browserless import Site, text_of
from tests.conftest import empty_database, settings_for

NOW = datetime(2021, 3, 10, 15, 0, tzinfo=UTC)
Made = tuple[Machines, list[DemoUser]]


@pytest.fixture(scope="module")
def demo(
    database_kind: str, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Made]:
    """A small demonstration. Made once, for it takes seconds; the tests only look at it."""
    folder = tmp_path_factory.mktemp("demo")
    with empty_database(database_kind, request, folder) as url, time_machine.travel(NOW):
        machines = factory.make_machines(settings_for(folder, url))
        yield machines, build_small(machines)
        machines.database.dispose()
        machines.queue.close()


def build_small(machines: Machines) -> list[DemoUser]:
    return build.build_demo(machines.database, machines.storage, machines.settings, now=NOW, size=0.05)


@pytest.fixture
def session(demo: Made) -> Iterator[Session]:
    with demo[0].database.session(write=True) as opened:
        yield opened


@pytest.fixture
def today(demo: Made) -> date:
    return clock.local_date(NOW, demo[0].settings.zone)


def test_every_sign_in_of_the_demonstration_works_and_every_menu_entry_opens(demo, session, now):
    machines, made = demo
    app = factory.create_app(machines=machines)
    assert {user.portal for user in made} == {"state", "provider", "organization", "recipient", "enrollment", "helpdesk"}
    for user in made:
        site = Site(app, session)
        page = site.submit(
            site.open(f"/account/sign-in/{user.portal}"),
            "main form[method=post]",
            name=user.username,
            password=user.password,
        )
        if "/choose" in site.url:
            page = site.open(page.select_one("#places a")["href"])
        assert site.url.startswith(f"/{user.portal.removesuffix('desk')}/"), user
        for link in page.select("header nav a[href^='/']"):
            assert text_of(site.open(link["href"]))


def test_its_stock_adds_up_and_holds_good_nearly_expired_and_expired_lots(session, today):
    assert balances_that_differ(session) == []
    days_left = [(lot.expires_on - today).days for lot in session.scalars(select(Lot))]
    assert min(days_left) < 0
    assert any(0 < days <= 7 for days in days_left)
    assert max(days_left) > 30


def test_its_clinic_is_in_the_middle_of_a_day(session, today):
    statuses = Counter(session.scalars(select(Visit.status).where(Visit.day == today)))
    assert statuses["arrived"] == 6
    assert statuses["screened"] == 3
    assert statuses["vaccinated"] == 6


def test_nothing_in_it_happens_before_its_cause_or_in_the_future(session):
    people = session.scalars(select(Recipient)).all()
    assert all(one.created_at <= (one.registered_at or NOW) <= NOW for one in people)
    doses = session.scalars(
        select(Administration).order_by(Administration.recipient_id, Administration.dose_number)
    ).all()
    assert len(doses) > 10
    created = {one.id: one.created_at for one in people}
    assert all(created[dose.recipient_id] < dose.given_at <= NOW for dose in doses)
    second = [dose for dose in doses if dose.dose_number == 2]
    assert second
    first = {dose.recipient_id: dose for dose in doses if dose.dose_number == 1}
    assert all(dose.given_on - first[dose.recipient_id].given_on >= timedelta(days=17) for dose in second)


def test_its_uploads_have_rows_of_every_fate(session):
    fates = Counter(session.scalars(select(UploadRow.fate)))
    assert set(fates) == {"created", "present", "held", "mistaken"}
    assert fates["held"] == 4


def test_its_organizations_are_found_by_search(session):
    name = session.scalars(select(Organization.name).order_by(Organization.name)).first()
    assert name in [found.name for found in search_organizations(session, system("test"), name[:5]).matches]


def test_only_the_mails_of_the_last_days_are_still_to_be_sent(session):
    waiting = session.scalars(select(OutboxMessage.due_at).where(OutboxMessage.status == "waiting")).all()
    assert waiting
    assert min(waiting) >= NOW - timedelta(days=2)


def test_the_state_has_something_to_decide_and_colleagues_who_are_not_put_to_sleep(session, today):
    waits = {one.kind: one.count for one in what_waits(session, system("test"), today=today, now=NOW)}
    assert (waits["enrollments"], waits["transfers"], waits["glass"]) == (1, 1, 1)
    assert session.scalars(select(Account.last_name).where(Account.slept_at.is_not(None))).all() == ["Stone"]
    assert idle_accounts(session, unused_for=timedelta(days=90), now=NOW) == []


@pytest.mark.once
def test_two_demonstrations_are_alike(demo, session, request, tmp_path):
    with empty_database("sqlite", request, tmp_path) as url:
        other = factory.make_machines(settings_for(tmp_path, url))
        assert build_small(other) == demo[1]
        with other.database.reading() as others:
            assert told(others) == told(session)
        other.database.dispose()
        other.queue.close()


def told(session: Session) -> list[Any]:
    """Who there is, and who was given what and when; keys and codes are different each time."""
    people = select(Recipient.email, Recipient.first_name, Recipient.last_name, Recipient.birth_date, Recipient.city)
    doses = (
        select(Recipient.email, Administration.given_at, Lot.number)
        .join(Recipient, Recipient.id == Administration.recipient_id)
        .join(Lot, Lot.id == Administration.lot_id)
    )
    return [sorted(session.execute(query).all(), key=str) for query in (people, doses)]
