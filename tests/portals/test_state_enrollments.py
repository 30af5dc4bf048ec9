"""The state's staff review an application: corrections, return, approval with identifiers, denial, and later."""

import pytest
from sqlalchemy import select

from app.domain.enrollment.complete_section_a import complete_section_a
from app.domain.enrollment.models import Correction
from app.domain.enrollment.save_section_a import SaveSectionA, save_section_a
from app.domain.enrollment.update import BeginUpdate, begin_update
from app.domain.providers.models import Location
from app.infra.outbox import OutboxMessage
from tests import make
from tests.browserless import text_of
from tests.make import enrollment as making


@pytest.fixture
def staff(site, session, now):
    return site.sign_in(make.administrator(session))


@pytest.fixture
def waiting(session, now):
    return making.submitted(session, places=2)


def of(enrollment, location=None):
    base = f"/state/enrollments/{enrollment.id}"
    return f"{base}/locations/{location.id}" if location else base


def test_the_queue_shows_what_waits_for_the_state_and_can_show_the_rest(staff, session, waiting):
    making.with_section_a(session, email="other@second.example", legal_name="Second Clinic")
    page = staff.open("/state/enrollments")
    assert "Harvest Pharmacy" in text_of(page, "#queue")
    assert "Second Clinic" not in text_of(page, "#queue")
    page = staff.submit(page, "#filter", stage="all", lacking="section_b")
    assert "Second Clinic" in text_of(page, "#queue")
    assert "Harvest Pharmacy" not in text_of(page, "#queue")
    assert "No application fits" in text_of(staff.open("/state/enrollments?county=37001"), "#queue")


def test_an_application_shows_section_a_signatures_and_history(staff, waiting):
    page = staff.open(of(waiting))
    text = text_of(page)
    for shown in ("Under review", "2001-12345", "Olga Ortiz", "Submitted to the state", "Harvest Pharmacy 1"):
        assert shown in text
    pdf = staff.get(page.select_one('main a[href$=".pdf"]')["href"])
    assert pdf.data.startswith(b"%PDF")


def test_a_correction_is_noted_beside_its_field_and_sent_with_the_return(staff, session, waiting):
    page = staff.open(of(waiting))
    page = staff.open(page.select_one("#field-officer_cmo_license_number .row-act a")["href"])
    page = staff.submit(page, "#correction", comment="This number belongs to somebody else")
    assert "This number belongs to somebody else" in text_of(page, "#field-officer_cmo_license_number")
    page = staff.submit(staff.open(f"{of(waiting)}/return"), "#return", message="Please call us")
    assert "Returned for correction" in text_of(page)
    assert session.scalar(select(Correction.sent_at)) is not None
    kinds = list(session.scalars(select(OutboxMessage.kind)))
    assert any("returned" in kind for kind in kinds)


def test_a_correction_can_be_taken_back_before_it_is_sent(staff, session, waiting):
    page = staff.submit(
        staff.open(f"{of(waiting)}/corrections/new?field=legal_name"), "#correction", comment="Spell it out"
    )
    page = staff.submit(page, 'form[action*="/withdraw"]')
    assert "Spell it out" not in text_of(page)
    page = staff.submit(staff.open(f"{of(waiting)}/return"), "#return", expect=422)
    assert "First ask for a correction" in text_of(page)


def test_approval_gives_the_location_its_pin_and_invites_the_manager(staff, session, waiting):
    first, second = making.locations_of(session, waiting)
    assert "Each location is approved or denied by itself" in text_of(staff.open(of(waiting)))
    page = staff.open(of(waiting, first))
    assert "Helmer" in text_of(page)
    assert "Independent" in text_of(page) or "independent" in text_of(page)
    page = staff.open(f"{of(waiting, first)}/approve")
    proposed = page.select_one("[name=provider_pin]")["value"]
    assert len(proposed) == 6
    page = staff.submit(page, "#approve", expect=422, provider_pin="12")
    assert "six digits" in text_of(page)
    page = staff.submit(page, "#approve", provider_pin=proposed)
    assert "is approved" in text_of(page)
    assert session.scalar(select(Location.provider_pin)) == proposed
    page = staff.open(f"{of(waiting, second)}/approve")
    page = staff.submit(page, "#approve", expect=422, provider_pin=proposed)
    assert "Another location has this PIN" in text_of(page)


def test_a_denied_location_can_be_opened_again(staff, session, waiting):
    first, _ = making.locations_of(session, waiting)
    page = staff.submit(staff.open(f"{of(waiting, first)}/deny"), "#reason", expect=422)
    assert "Say why" in text_of(page)
    page = staff.submit(page, "#reason", why="No freezer at all")
    assert "Denied" in text_of(page)
    assert "No freezer at all" in text_of(staff.open(of(waiting)))


def test_two_who_decide_at_once_are_told_how_it_stands(staff, session, waiting):
    first, _ = making.locations_of(session, waiting)
    page = staff.open(f"{of(waiting, first)}/approve")
    making.approve_all(session, waiting)
    page = staff.submit(page, "#approve")
    assert "Somebody decided this already" in text_of(page)


def test_managers_and_applicants_see_no_review(site, session, waiting):
    site.sign_in(make.manager(session, make.location(session)))
    site.open(of(waiting), expect=404)
    site.open("/state/enrollments", expect=404)


def test_changes_of_section_a_are_denied_with_a_reason_and_what_was_approved_stays(staff, session, now):
    enrollment = making.approved(session)
    boss = making.boss_of(session, enrollment)
    begin_update(session, boss, BeginUpdate(enrollment.id), now=now)
    phone = {"organization_phone": "9195550199"}
    save_section_a(session, boss, SaveSectionA(enrollment.id, phone, enrollment.version), now=now)
    complete_section_a(session, boss, enrollment.id, now=now)
    session.commit()
    page = staff.open(of(enrollment))
    page = staff.open(page.find("a", string="Deny the changes of Section A")["href"])
    page = staff.submit(page, "#reason", why="This is the number of a fax")
    assert "What was approved stays in force" in text_of(page, "body")
    session.expire_all()
    assert (enrollment.status, enrollment.answers["organization_phone"]) == ("approved", "9195550100")
    assert "Deny the changes" not in text_of(staff.open(of(enrollment)))


@pytest.mark.parametrize("key", ["pictures", "storage_units", "providers"])
def test_a_list_of_a_location_can_be_asked_to_be_corrected(staff, session, waiting, key):
    first, _ = making.locations_of(session, waiting)
    page = staff.open(of(waiting, first))
    page = staff.open(page.select_one(f'main a[href*="field={key}"]')["href"])
    page = staff.submit(page, "#correction", comment="The freezer is not on it")
    assert "The freezer is not on it" in text_of(page)
