"""Whoever has not answered is reminded after three and after seven days, once each, and then left in peace."""

from datetime import timedelta

from app.domain.enrollment.corrections import AskCorrection, ReturnEnrollment, ask_correction, return_enrollment
from app.domain.enrollment.remind import due, remind_due
from app.domain.enrollment.save_section_a import SaveSectionA, save_section_a
from app.domain.enrollment.save_section_b import SaveSectionB, save_section_b
from app.domain.enrollment.update import BeginUpdate, begin_update
from tests.domain.enrollment.test_sections import mails
from tests.make import enrollment as making


def reminded(session, database, moment):
    """To whom reminders went, counting from the one time to the next."""
    before = len(mails(session, "reminder"))
    session.commit()
    count = remind_due(database, now=moment)
    session.expire_all()
    new = mails(session, "reminder")[before:]
    assert len(new) == count
    session.commit()
    return sorted(mail.payload["to"] for mail in new)


def test_a_coordinator_is_reminded_after_three_and_seven_days_once_each(session, database, now):
    making.with_section_a(session)
    days = [reminded(session, database, now + timedelta(days=day, minutes=1)) for day in (1, 2, 3, 3, 5, 7, 8, 30)]
    assert days == [[], [], ["coordinator"], [], [], ["coordinator"], [], []]


def test_a_job_that_stood_still_for_ten_days_sends_one_reminder_and_no_two(session, database, now):
    making.with_section_a(session)
    assert reminded(session, database, now + timedelta(days=10)) == ["coordinator"]
    assert reminded(session, database, now + timedelta(days=11)) == []


def test_a_coordinator_of_three_late_locations_gets_one_mail(session, database, now):
    enrollment = making.with_section_a(session, places=3)
    for location in making.locations_of(session, enrollment):
        location.answers = location.answers | {
            "coordinator_first_name": "Vera", "coordinator_email": "vera@harvest.example",
        }  # fmt: skip
    assert reminded(session, database, now + timedelta(days=4)) == ["coordinator"]


def test_whoever_has_answered_is_not_reminded(session, database, now):
    enrollment = making.with_section_a(session, places=2)
    done = making.locations_of(session, enrollment)[0]
    making.completed(session, enrollment, done)
    assert reminded(session, database, now + timedelta(days=4)) == ["coordinator"]
    making.completed(session, enrollment, making.locations_of(session, enrollment)[1])
    assert enrollment.status == "signatures"
    assert reminded(session, database, now + timedelta(days=4)) == ["ceo", "cmo"]


def test_officers_are_reminded_until_they_sign(session, database, now):
    enrollment = making.awaiting_signatures(session)
    making.signed(session, making.officer_of(session, enrollment, "ceo"), enrollment, "provider_agreement", "ceo")
    assert reminded(session, database, now + timedelta(days=4)) == ["cmo"]
    assert reminded(session, database, now + timedelta(days=8)) == ["cmo"]
    making.signed(session, making.officer_of(session, enrollment, "cmo"), enrollment, "provider_agreement", "cmo")
    assert reminded(session, database, now + timedelta(days=20)) == []


def test_a_returned_application_reminds_those_who_were_asked(session, database, now):
    enrollment = making.submitted(session, places=2)
    state, location = making.state_actor(session), making.locations_of(session, enrollment)[0]
    ask_correction(session, state, AskCorrection(enrollment.id, "legal_name", "Why?"), now=now)
    ask_correction(session, state, AskCorrection(enrollment.id, "iis_id", "Why?", location.id), now=now)
    return_enrollment(session, state, ReturnEnrollment(enrollment.id), now=now)
    assert reminded(session, database, now + timedelta(days=3)) == ["administrator", "coordinator"]


def test_writing_without_finishing_does_not_stop_the_reminder(session, database, now):
    enrollment = making.with_section_a(session)
    location = making.locations_of(session, enrollment)[0]
    vera = making.coordinator_of(session, location)
    save_section_b(session, vera, SaveSectionB(location.id, {"iis_id": "7"}, location.version), now=now)
    assert reminded(session, database, now + timedelta(days=3, minutes=1)) == ["coordinator"]


def test_an_update_of_long_ago_invited_people_starts_the_days_anew(session, database, now):
    enrollment = making.approved(session)
    location = making.locations_of(session, enrollment)[0]
    vera, later = making.coordinator_of(session, location), now + timedelta(days=60)
    begin_update(session, vera, BeginUpdate(enrollment.id, location.id), now=later)
    assert reminded(session, database, later + timedelta(days=1)) == []
    assert reminded(session, database, later + timedelta(days=3)) == ["coordinator"]


def test_an_enrollment_in_which_nobody_is_late_is_not_looked_into_again(session, database, now):
    enrollment = making.with_section_a(session, places=2)
    making.completed(session, enrollment, making.locations_of(session, enrollment)[0])
    for days in (3, 7):
        assert reminded(session, database, now + timedelta(days=days, minutes=1)) == ["coordinator"]
        assert session.scalars(due(now + timedelta(days=days, minutes=2))).all() == []
    making.completed(session, enrollment, making.locations_of(session, enrollment)[1])
    making.signed(session, making.officer_of(session, enrollment, "ceo"), enrollment, "provider_agreement", "ceo")
    for days in (3, 7):
        assert reminded(session, database, now + timedelta(days=days, minutes=1)) == ["cmo"]
        assert session.scalars(due(now + timedelta(days=days, minutes=2))).all() == []


def test_an_officer_who_takes_over_is_reminded_counting_from_then(session, database, now):
    enrollment = making.awaiting_signatures(session)
    boss = making.boss_of(session, enrollment)
    assert reminded(session, database, now + timedelta(days=7, minutes=1)) == ["ceo", "cmo"]
    new = {"officer_ceo_first_name": "Ines", "officer_ceo_last_name": "Iles", "officer_ceo_email": "i@harvest.example"}
    later = now + timedelta(days=8)
    save_section_a(session, boss, SaveSectionA(enrollment.id, new, enrollment.version), now=later)
    assert reminded(session, database, later + timedelta(days=2)) == []
    assert reminded(session, database, later + timedelta(days=3)) == ["ceo"]


def test_an_officer_who_has_to_sign_again_is_reminded_counting_from_then(session, database, now):
    enrollment = making.awaiting_signatures(session)
    making.signed(session, making.officer_of(session, enrollment, "ceo"), enrollment, "provider_agreement", "ceo")
    boss = making.boss_of(session, enrollment)
    assert reminded(session, database, now + timedelta(days=7, minutes=1)) == ["cmo"]
    later, name = now + timedelta(days=8), {"legal_name": "Harvest Pharmacy LLC"}
    save_section_a(session, boss, SaveSectionA(enrollment.id, name, enrollment.version), now=later)
    assert reminded(session, database, later + timedelta(days=2)) == []
    assert reminded(session, database, later + timedelta(days=3)) == ["ceo"]
