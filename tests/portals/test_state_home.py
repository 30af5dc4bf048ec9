"""The first page of program staff: what waits, and what happened today."""

from datetime import timedelta

import pytest

from app.domain.accounts.access import Role
from app.domain.recipients.merging.models import ClosePair
from app.domain.reporting.cvrs.models import CvrsExtract, CvrsProblem
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
    assert "Enrollments" not in rows
    assert page.select_one("#nothing-waits a[href='/state/enrollments']")
    assert page.select_one("#nothing-waits a[href='/state/federal/held-back']")


def test_a_request_for_help_is_overdue_after_three_days(session, storage, staff, now):
    helpdesk.opened(session, storage)
    actor = make.actor(session, staff)

    def overdue(later):
        waits = what_waits(session, actor, today=now.date(), now=now + later)
        return next(one.count for one in waits if one.kind == "cases")

    assert (overdue(timedelta(days=2)), overdue(timedelta(days=3, minutes=1))) == (0, 1)


def test_todays_doses_are_counted_in_the_programs_zone(session, staff, settings, now):
    clinic = make.location(session)
    dose(session, clinic, someone(session, clinic), lot(session, clinic))
    actor, day = make.actor(session, staff), (now - timedelta(hours=5)).date()
    counts = [happened_on(session, actor, day + timedelta(days=off), zone=settings.zone)["doses"] for off in (-1, 0, 1)]
    assert counts == [0, 1, 0]


def test_records_that_look_alike_and_doses_that_were_held_back_wait_too(session, now):
    clinic = make.location(session)
    one, other = someone(session, clinic), someone(session, clinic)
    given = dose(session, clinic, one, lot(session, clinic))
    left, right = sorted((one.id, other.id))
    extract = CvrsExtract(
        day=now.date(), model="D", until=now, made_at=now, sent=0, rejected=1, warned=0, declined=0, changed=0
    )
    session.add_all([ClosePair(left_id=left, right_id=right, points=900, agreement={}, found_at=now), extract])
    session.flush()
    session.add(CvrsProblem(extract_id=extract.id, administration_id=given.id, location_id=clinic.id, problems=[]))
    session.flush()
    actor = make.actor(session, make.administrator(session))
    waits = {one.kind: one.count for one in what_waits(session, actor, today=now.date(), now=now)}
    assert (waits["pairs"], waits["held_back"], waits["held_rows"]) == (1, 1, 0)
    viewer = make.actor(session, make.account(session, Role.STATE_VIEWER, realm="state"))
    assert what_waits(session, viewer, today=now.date(), now=now) == []


def test_others_do_not_see_it(site, session, now):
    site.sign_in(make.manager(session, make.location(session))).open("/state/", expect=404)
