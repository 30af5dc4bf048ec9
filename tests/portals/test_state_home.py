"""The first page of programme staff: what waits, and what happened today."""

from datetime import timedelta

import pytest

from app.domain.reporting.waiting import happened_on, what_waits
from app.infra.outbox import OutboxMessage
from tests import make
from tests.make import helpdesk, transfers
from tests.make.inventory import lot
from tests.make.vaccinations import dose, someone


@pytest.fixture
def staff(session, now):
    return make.administrator(session)


def test_what_waits_is_counted_and_led_to(site, session, staff, now):
    clinic = make.location(session)
    transfers.requested(session, clinic, make.location(session, "Second Clinic"), (lot(session, clinic), 1))
    session.add(OutboxMessage(kind="x", payload={}, due_at=now, status="failed"))
    session.commit()
    page = site.sign_in(staff).open("/state/")
    rows = {row.th.get_text(strip=True): row for row in page.select("tbody tr")}
    assert rows["Transfers"].strong.text == "1"
    assert rows["Transfers"].a["href"] == "/state/transfers"
    assert rows["Mails"].strong.text == "1"
    assert rows["Enrollments"].strong is None


def test_a_request_for_help_is_overdue_after_three_days(session, storage, staff, now):
    helpdesk.opened(session, storage)
    actor = make.actor(session, staff)

    def overdue(later):
        return next(one.count for one in what_waits(session, actor, now=now + later) if one.kind == "cases")

    assert (overdue(timedelta(days=2)), overdue(timedelta(days=3, minutes=1))) == (0, 1)


def test_todays_doses_are_counted_in_the_programs_zone(session, staff, settings, now):
    clinic = make.location(session)
    dose(session, clinic, someone(session, clinic), lot(session, clinic))
    actor, day = make.actor(session, staff), (now - timedelta(hours=5)).date()
    counts = [happened_on(session, actor, day + timedelta(days=off), zone=settings.zone)["doses"] for off in (-1, 0, 1)]
    assert counts == [0, 1, 0]


def test_others_do_not_see_it(site, session, now):
    site.sign_in(make.manager(session, make.location(session))).open("/state/", expect=404)
