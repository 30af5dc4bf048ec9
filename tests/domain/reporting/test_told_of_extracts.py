"""In which extracts to CDC somebody's doses stood: each dose once, as it was when the extract was made."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import event

from app.domain.accounts.access import system
from app.domain.program.settings import ChangeSetting, change_setting
from app.domain.recipients.models import Recipient
from app.domain.reporting.cvrs.make_extract import make_extract
from app.domain.reporting.cvrs.told import extracts_with_doses_of
from app.domain.vaccinations.correct_dose import CorrectDose, correct_dose
from app.domain.vaccinations.doubled_doses import mark_doubled
from app.domain.vaccinations.find_for_visit import make_ticket
from app.domain.vaccinations.move_dose import MoveDose, move_dose
from app.domain.vaccinations.remove_dose import RemoveDose, remove_dose
from tests import make
from tests.make.inventory import lot
from tests.make.merging import joined
from tests.make.vaccinations import ZONE, dose, nurse_at, someone

ROBOT = system("test")
ADDRESS = {"county_fips": "37183", "state_abbr": "NC", "zip": "27601"}
DAY = timedelta(days=1)


@pytest.fixture
def clinic(session, now):
    at = make.location(session)
    at.stock = lot(session, at, doses=30)
    return at


@pytest.fixture
def maria(session, clinic):
    return someone(session, clinic, **ADDRESS)


@pytest.fixture
def extract(session, database, storage, now):
    """Make the extract of the day so many days from now; returns its id."""

    def make_it(days=0):
        session.rollback()
        day = (now + days * DAY).date()
        moment = datetime(day.year, day.month, day.day, 9, tzinfo=UTC) + DAY
        return make_extract(database, storage, ROBOT, day, zone=ZONE, now=moment)

    return make_it


def told(session, *people):
    session.expire_all()
    return extracts_with_doses_of(session, [one.id for one in people])


def at(moment, give):
    with time_machine.travel(moment):
        return give()


def test_each_dose_stands_in_the_extract_of_its_time_and_in_no_other(session, clinic, maria, extract, now):
    other = someone(session, clinic, **ADDRESS)
    dose(session, clinic, maria, clinic.stock)
    assert told(session, maria) == {}
    first = extract()
    at(now + DAY, lambda: dose(session, clinic, other, clinic.stock))
    second = extract(1)
    change_setting(session, ROBOT, ChangeSetting("cvrs_model", "i", (now + 2 * DAY).date()), now=now)
    session.commit()
    at(now + 2 * DAY, lambda: dose(session, clinic, maria, clinic.stock))
    third = extract(2)
    extract(3)
    assert told(session, maria) == {first: "D", third: "I"}
    assert told(session, other) == {second: "D"}
    assert told(session, someone(session)) == {}


def test_a_dose_that_is_corrected_later_is_reported_once(session, clinic, maria, extract, now):
    given = dose(session, clinic, maria, clinic.stock)
    first = extract()
    mended = CorrectDose(clinic.id, given.id, 1, "Other arm", clinic.stock.id, "RD", given.given_at, "Ann Lee", "RN")
    correct_dose(session, nurse_at(clinic.id), mended, now=now + DAY, zone=ZONE)
    session.commit()
    extract(1)
    assert told(session, maria) == {first: "D"}


def test_a_line_that_was_held_back_counts_where_it_was_right(session, clinic, maria, extract):
    maria.zip = "90210"
    session.commit()
    dose(session, clinic, maria, clinic.stock)
    extract()
    extract(1)
    assert told(session, maria) == {}
    session.get(Recipient, maria.id).zip = "27601"
    session.commit()
    third = extract(2)
    assert told(session, maria) == {third: "D"}


def test_a_dose_that_was_removed_counts_only_where_it_was_reported_before(session, clinic, maria, extract, now):
    other = someone(session, clinic, **ADDRESS)
    soon, late = (dose(session, clinic, one, clinic.stock) for one in (maria, other))
    remove_dose(session, nurse_at(clinic.id), RemoveDose(clinic.id, soon.id, 1, "Never given"), now=now)
    session.commit()
    first = extract()
    remove_dose(session, nurse_at(clinic.id), RemoveDose(clinic.id, late.id, 1, "Never given"), now=now + 2 * DAY)
    session.commit()
    assert told(session, maria) == {}
    assert told(session, other) == {first: "D"}


@pytest.mark.parametrize("reported_first", [True, False])
def test_a_dose_that_was_moved_is_told_to_whom_it_was_reported_of(session, clinic, maria, extract, now, reported_first):
    other = someone(session, clinic, **ADDRESS)
    given = dose(session, clinic, maria, clinic.stock)
    first = extract() if reported_first else None
    nurse = nurse_at(clinic.id)
    moment = now + 2 * DAY if reported_first else now
    ticket = make_ticket(nurse, clinic.id, other.id, now=moment)
    move_dose(session, nurse, MoveDose(clinic.id, given.id, 1, "Twins", ticket), now=moment)
    session.commit()
    first = first or extract()
    extract(3)
    theirs, nobodys = (maria, other) if reported_first else (other, maria)
    assert told(session, theirs) == {first: "D"}
    assert told(session, nobodys) == {}


def test_doses_of_joined_records_count_and_a_doubled_one_does_not(session, clinic, maria, extract, now):
    twin = someone(session, clinic, **ADDRESS)
    one = dose(session, clinic, maria, clinic.stock)
    other = dose(session, clinic, twin, clinic.stock)
    at(now + DAY, lambda: dose(session, clinic, twin, clinic.stock))
    merge = joined(session, maria, twin)
    mark_doubled(session, make.merging.STAFF, merge.id, [(one.id, other.id)], now=now)
    session.commit()
    first, second = extract(), extract(1)
    assert told(session, maria, twin) == {first: "D", second: "D"}
    assert told(session, maria) == {first: "D"}
    assert told(session, twin) == {second: "D"}


def test_it_is_one_query(session, database, clinic, maria, extract):
    dose(session, clinic, maria, clinic.stock)
    extract()
    statements = []
    event.listen(database.engine, "before_cursor_execute", lambda *facts: statements.append(facts[2]))
    assert len(told(session, maria)) == 1
    assert len([one for one in statements if one.startswith(("SELECT", "WITH")) and "FROM administration" in one]) == 1
