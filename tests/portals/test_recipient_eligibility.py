"""The record says whose turn it is, why, and that nobody has an appointment by it."""

from datetime import date

import pytest
from sqlalchemy import event

from app.domain.eligibility.evaluate import Status
from app.web.eligibility_words import line_for_clinic
from tests import make
from tests.make.eligibility import closed, opened, registered
from tests.make.inventory import lot
from tests.make.vaccinations import dose, someone


def page_of(site, session, person):
    site.sign_in(make.person(session, person.id))
    return site.open(f"/recipient/{person.id}")


def test_a_nurse_reads_that_it_is_her_turn_since_when_and_why(site, session, now):
    page = page_of(site, session, registered(session, patient_contact="yes", industry="health_care", in_person="yes"))
    text = page.main.get_text(" ", strip=True)
    assert "It is your turn since Dec 14, 2020" in text
    assert "Group 1" in text
    assert "People who see patients in person or work close to patients with COVID-19" in text
    assert "This is not an appointment" in text


def test_a_later_group_reads_the_day_and_that_it_is_no_appointment(site, session, now):
    text = page_of(site, session, registered(session, conditions=("asthma",))).main.get_text(" ", strip=True)
    assert "It is your turn from Mar 17, 2021 on" in text
    assert "That day is not an appointment" in text
    assert "Group 4, first part" in text


def test_without_a_day_nothing_is_promised(site, session, now):
    opened(session, "5", date(2021, 1, 20))
    closed(session, "5", date(2021, 3, 1))
    text = page_of(site, session, registered(session)).main.get_text(" ", strip=True)
    assert "It is not your turn yet" in text
    assert "No day is set yet" in text


def test_a_child_reads_the_age_and_who_has_not_registered_what_to_do(site, session, now):
    child = registered(session, date(2009, 1, 1), guardian="Pat Lee")
    assert "16 years or older" in page_of(site, session, child).main.get_text(" ", strip=True)
    text = page_of(site, session, someone(session)).main.get_text(" ", strip=True)
    assert "We cannot say yet whether it is your turn" in text


def test_who_had_a_dose_sees_the_group_and_is_not_called_again(site, session, now):
    clinic = make.location(session)
    person = registered(session, date(1950, 1, 1))
    dose(session, clinic, person, lot(session, clinic))
    text = page_of(site, session, person).main.get_text(" ", strip=True)
    assert "Your group" in text
    assert "Group 2" in text
    assert "your turn" not in text


def test_the_page_asks_little_of_the_database(site, session, database, now):
    person = registered(session)
    page_of(site, session, person)
    asked = []
    event.listen(database.engine, "before_cursor_execute", lambda *call: asked.append(call[2]))
    site.open(f"/recipient/{person.id}")
    about = [statement for statement in asked if "priority_" in statement or "FROM product" in statement]
    assert len(about) == 4


@pytest.mark.once
def test_the_clinic_reads_one_line(app, session, now):
    with app.test_request_context():
        assert line_for_clinic(Status("too_young", youngest_age=16)) == "Not eligible: below 16 years"
        assert line_for_clinic(Status("not_registered")) == "Not known: the registration is not complete"
        assert line_for_clinic(Status("no_plan")) == "Not eligible yet"
