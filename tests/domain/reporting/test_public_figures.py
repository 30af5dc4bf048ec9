"""What everybody may see of a state with few people in it, and what staff see of the same."""

from datetime import date, timedelta

import pytest

from app.domain.accounts.access import Actor, GrantedRole, Role, system
from app.domain.errors import NotAllowed, NotFound
from app.domain.reporting.groups import DIMENSIONS
from app.domain.reporting.populations import ReplacePopulations, expected_keys, read_populations, replace_populations
from app.domain.reporting.public import public_figures
from app.domain.reporting.readers import READERS
from app.domain.reporting.refresh import refresh
from app.domain.reporting.tables import HIDDEN, STATE, Asked
from app.infra.clock import local_date
from tests import make
from tests.make.inventory import lot as make_lot
from tests.make.vaccinations import ZONE, dose, nurse_at, someone

STAFF = Actor("person", None, (GrantedRole(Role.STATE_STAFF, "program", None),))
WAKE, HYDE = "37183", "37095"


@pytest.fixture
def asked(now):
    today = local_date(now, ZONE)
    return Asked(now=now, zone=ZONE, today=today, since=today - timedelta(days=90), until=today)


@pytest.fixture
def people(session, database, now):
    """Ten people of Wake County and four of Hyde, one of whom is American Indian, have a dose; nobody else."""
    place = make.location(session)
    stock = make_lot(session, place, doses=40)
    for number in range(14):
        county, races = (WAKE, ["2106-3"]) if number < 10 else (HYDE, ["2106-3"] if number < 13 else ["1002-5"])
        person = someone(
            session, place, last_name=f"Person{number}", birth_date=date(1950 + number, 1, 1), county_fips=county,
            races=races, ethnicity="2186-5", gender="female" if number % 2 else "other", registered_at=now,
        )  # fmt: skip
        for days in (30, 5) if number == 0 else (30,):
            dose(session, place, person, stock, given_at=now - timedelta(days=days))
    refresh(database, now=now)
    session.rollback()
    return place


def test_everybody_sees_counties_but_no_small_group_of_one(session, people):
    found = public_figures(session)
    races = found["people_by_race"]
    assert found["people_by_county"].value((HYDE,), "at_least_one") == 4
    assert races.value((HYDE, "1002-5"), "at_least_one") is HIDDEN
    assert races.value((STATE, "1002-5"), "at_least_one") == 1
    assert races.value((HYDE, "all"), "at_least_one") == 4
    assert found["doses_by_day_and_dose_number"].column("doses") == [14, 1]
    assert {key for row in found["people_by_gender"].rows for key in row.keys} >= {"female", "male", "unknown"}
    assert not any(row.keys[1] == "other" for row in found["people_by_gender"].rows)
    for dimension in DIMENSIONS:
        figures = found[f"people_by_{dimension}"]
        for row in figures.rows:
            small = row.keys[1] != "unknown" and (row.values[2] or 0) < 500 and row.keys[0] != STATE
            assert not small or row.values[:2] == (HIDDEN, HIDDEN), row


def test_staff_see_every_group_as_it_is(session, people, asked):
    by_race = READERS["people_by_group"](session, STAFF, Asked(**_values(asked), county=HYDE, dimension="race"))
    assert by_race.value(("1002-5",), "at_least_one") == 1
    assert by_race.value(("2106-3",), "at_least_one") == 3
    totals = READERS["totals"](session, STAFF, asked)
    assert totals.rows[0].values[:3] == (15, 14, 1)
    by_product = READERS["doses_by_day"](session, STAFF, Asked(**_values(asked), by="product", county=WAKE))
    assert [(row.keys[1], row.values) for row in by_product.rows] == [("pfizer", (10,)), ("pfizer", (1,))]
    funnel = READERS["registration_funnel"](session, STAFF, asked)
    assert funnel.column("people") == [14, 14, 14, 1]
    lag = READERS["entry_lag_by_location"](session, STAFF, asked)
    assert lag.rows[0].keys == (str(people.id),)
    assert lag.value((str(people.id),), "late") == lag.value((str(people.id),), "doses")
    stock = READERS["inventory_on_hand"](session, STAFF, asked)
    assert stock.value(("pfizer",), "doses") == 25
    assert sum(READERS["expiring_by_week"](session, STAFF, asked).column("doses")) == 25


@pytest.mark.parametrize("name", READERS)
def test_every_reader_answers_staff_and_nobody_else(session, asked, name):
    found = READERS[name](session, STAFF, asked)
    assert all(len(row.keys) == len(found.dimensions) and len(row.values) == len(found.measures) for row in found.rows)
    place = make.location(session)
    with pytest.raises((NotFound, NotAllowed)):
        READERS[name](session, nurse_at(place.id), asked)


def test_populations_that_the_state_brings_hold_from_then_on_and_hide_what_was_hidden(session, now):
    before = read_populations(session)
    numbers = {key: before.people(*key) for key in expected_keys()}
    cell = (WAKE, "race", "1002-5")
    numbers[(WAKE, "race", "2106-3")] += numbers[cell] - 120
    numbers[cell] = 120
    command = ReplacePopulations(numbers, "Census 2020")
    replace_populations(session, system("test"), command, now=now)
    held = read_populations(session)
    assert before.is_sample
    assert not held.is_sample
    assert held.people(*cell) == 120
    assert cell in held.hidden
    assert before.hidden <= held.hidden
    assert cell not in before.hidden


def _values(asked):
    return {name: getattr(asked, name) for name in ("now", "zone", "today", "since", "until")}
