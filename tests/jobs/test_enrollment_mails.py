"""Every mail of an enrollment as it arrives: to the right person, with names of places and fields, and no answers."""

import re
from datetime import timedelta

import pytest
import time_machine

from app.domain.enrollment.approve import ApproveLocation, approve_location, suggest_pin
from app.domain.enrollment.complete_section_b import complete_section_b
from app.domain.enrollment.corrections import AskCorrection, ReturnEnrollment, ask_correction, return_enrollment
from app.domain.enrollment.deny import Deny, deny_location
from app.domain.enrollment.disenroll import Disenroll, disenroll_location
from app.domain.enrollment.start_enrollment import StartEnrollment, start_enrollment
from app.infra import clock
from app.jobs.deliver_mail import deliver_due
from app.jobs.remind_enrollments import remind_enrollments
from tests.conftest import settings_for
from tests.make import enrollment as making

ADMINISTRATOR, COORDINATOR = "ann@harvest.example", "vera1@harvest.example"
CEO, CMO = "olga@harvest.example", "carl@harvest.example"


@pytest.fixture
def post(session, database, database_url, smtp, tmp_path, now):
    """Deliver what waits and return {address: [texts]} of what came new."""

    def deliver():
        session.commit()
        before = len(smtp.messages)
        deliver_due(database, settings_for(tmp_path, database_url, SMTP_URL=smtp.url))
        session.expire_all()
        found = {}
        for message in smtp.messages[before:]:
            address = re.search(r"[\w.]+@[\w.]+", message["To"])[0]
            found.setdefault(address, []).append(f"{message['Subject']}\n{message.get_content()}")
        return found

    return deliver


def three_days_later():
    return time_machine.travel(clock.now() + timedelta(days=3), tick=True)


def test_the_administrator_confirms_the_address_by_a_link_that_is_sent_to_nobody_else(session, post, now):
    start_enrollment(session, StartEnrollment("Ann", "Lee", ADMINISTRATOR), now=now)
    (text,) = post()[ADMINISTRATOR]
    assert "http://cvms.test/account/invitations/" in text
    assert "You asked to enroll" in text


def test_coordinators_officers_and_the_administrator_hear_at_each_step(session, post, now):
    enrollment = making.with_section_a(session)
    asked = post()
    assert list(asked) == [COORDINATOR]
    assert "Harvest Pharmacy 1" in asked[COORDINATOR][0]
    location = making.locations_of(session, enrollment)[0]
    making.completed(session, enrollment, location)
    invited = post()
    assert set(invited) == {CEO, CMO}
    assert "Chief Executive Officer" in invited[CEO][0]
    assert "Chief Medical Officer" in invited[CMO][0]
    making.sign_as_officers(session, enrollment)
    assert list(post()) == [ADMINISTRATOR]
    approve_location(session, making.state_actor(session), ApproveLocation(location.id, "650123"), now=now)
    told = post()
    assert set(told) == {ADMINISTRATOR, COORDINATOR, "max@harvest.example"}
    assert f"http://cvms.test/enrollment/{enrollment.id}" in told[ADMINISTRATOR][0]


def test_a_returned_application_names_fields_and_repeats_neither_comments_nor_answers(session, post, now):
    enrollment = making.submitted(session)
    location, state = making.locations_of(session, enrollment)[0], making.state_actor(session)
    post()
    ask_correction(session, state, AskCorrection(enrollment.id, "officer_cmo_license_number", "Ended 2019"), now=now)
    ask_correction(session, state, AskCorrection(enrollment.id, "pictures", "Too dark", location.id), now=now)
    return_enrollment(session, state, ReturnEnrollment(enrollment.id, "Secret message"), now=now)
    told = post()
    assert "- License number" in told[ADMINISTRATOR][0]
    assert "- Pictures of the storage units" in told[COORDINATOR][0]
    assert "Harvest Pharmacy 1" in told[COORDINATOR][0]
    for text in (*told[ADMINISTRATOR], *told[COORDINATOR]):
        assert not re.search("2001-12345|Ended|dark|Secret", text)


def test_a_denied_and_a_disenrolled_location_are_told_to_administrator_and_coordinator(session, post, now):
    enrollment = making.submitted(session, places=2)
    (first, second), state = making.locations_of(session, enrollment), making.state_actor(session)
    post()
    deny_location(session, state, Deny(first.id, "No license."), now=now)
    told = post()
    assert set(told) == {ADMINISTRATOR, COORDINATOR}
    assert told[COORDINATOR][0].startswith("Not approved: Harvest Pharmacy 1")
    approve_location(session, state, ApproveLocation(second.id, suggest_pin(session)), now=now)
    post()
    disenroll_location(session, state, Disenroll(second.id, "Closed."), now=now)
    assert set(post()) == {ADMINISTRATOR, "vera2@harvest.example"}


def test_a_reminder_to_somebody_who_never_registered_brings_a_fresh_link(session, database, post, now):
    making.with_section_a(session)
    post()
    with three_days_later():
        assert remind_enrollments(database, now=clock.now()) == 1
        (text,) = post()[COORDINATOR]
    assert "/account/invitations/" in text
    assert "A reminder" in text


def test_a_reminder_to_somebody_with_an_account_leads_to_the_enrollment(session, database, post, now):
    enrollment = making.with_section_a(session)
    making.coordinator_of(session, making.locations_of(session, enrollment)[0])
    post()
    with three_days_later():
        remind_enrollments(database, now=clock.now())
        (text,) = post()[COORDINATOR]
    assert f"http://cvms.test/enrollment/{enrollment.id}" in text
    assert "/account/invitations/" not in text


def test_a_reminder_that_waited_until_the_work_was_done_is_not_sent(session, database, post, now):
    enrollment = making.with_section_a(session)
    location = making.locations_of(session, enrollment)[0]
    vera = making.filled(session, location)
    post()
    with three_days_later():
        assert remind_enrollments(database, now=clock.now()) == 1
        complete_section_b(session, vera, location.id, now=clock.now())
        for document in ("provider_agreement", "storage_attestation"):
            making.signed(session, vera, enrollment, document, "coordinator", location)
        assert set(post()) == {CEO, CMO}


def test_somebody_who_is_both_officers_is_asked_in_one_mail(session, post, now):
    same = {
        "officer_cmo_first_name": "Olga", "officer_cmo_last_name": "Ortiz", "officer_cmo_email": CEO,
    }  # fmt: skip
    making.awaiting_signatures(session, **same)
    (text,) = post()[CEO]
    assert "its CEO and its CMO" in text
