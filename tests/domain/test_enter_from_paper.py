"""Doses that were written on paper: one by one from a pile, and many by workbook."""

import csv
import io
from datetime import date, datetime, time, timedelta

import pytest
from sqlalchemy import func, select

from app.domain.accounts.access import Actor, GrantedRole, Role
from app.domain.errors import NotAllowed, NotFound
from app.domain.inventory.errors import LotUnusable, NoDosesLeft
from app.domain.inventory.models import Lot
from app.domain.recipients.models import Recipient
from app.domain.recipients.row_values import Unclear
from app.domain.vaccinations import enter_from_paper_pile as piles
from app.domain.vaccinations.enter_from_paper import EnterFromPaper, GivenThatDay, enter_from_paper, on_paper
from app.domain.vaccinations.enter_from_paper_rows import enter_paper_rows, lots_ever
from app.domain.vaccinations.errors import BadDose, BadDoseTime, DoseChanged, DoseRemoved, NeedsReasons, TicketExpired
from app.domain.vaccinations.models import Administration, Visit
from app.domain.vaccinations.paper_rows import HEADERS, read_clock, read_paper_file, read_typed_date
from app.domain.vaccinations.walk_in import LooksKnown
from app.infra import clock
from tests import make
from tests.make.inventory import lot as make_lot
from tests.make.vaccinations import ZONE, all_no, dose, nurse_at, someone
from tests.make.vaccinations import visit as make_visit

BORN = date(1950, 4, 28)


@pytest.fixture
def place(session):
    return make.location(session)


@pytest.fixture
def stock(session, place):
    return make_lot(session, place, number="EN9001", doses=5)


def days_ago(days, hour=9):
    day = clock.local_date(clock.now(), ZONE) - timedelta(days=days)
    return datetime.combine(day, time(hour, 30), tzinfo=ZONE)


def sheet(place, stock, *, first="Maria", last="Lopez", born=BORN, given_at=None, answers="no", **other):
    told = {
        "location_id": place.id, "lot_id": stock.id, "site": "LD", "clinician_name": "Ann Lee",
        "clinician_suffix": "RN", "fact_sheet_given": True, "given_at": given_at or days_ago(3),
        "details": on_paper(first, last, born), "answers": all_no() if answers == "no" else answers,
    }  # fmt: skip
    return EnterFromPaper(**(told | other))


def enter(session, place, command):
    made = enter_from_paper(session, nurse_at(place.id), command, now=clock.now(), zone=ZONE)
    session.commit()
    return made


def left(session, stock):
    return session.scalar(select(Lot.balance).where(Lot.id == stock.id))


def count(session, table):
    return session.scalar(select(func.count()).select_from(table))


def test_a_new_person_the_answers_and_the_dose_of_that_day_are_kept_and_stock_falls(session, place, stock):
    made = enter(session, place, sheet(place, stock))
    given = session.get_one(Administration, made.dose.id)
    assert made.new_person
    assert given.given_at == days_ago(3)
    assert given.recorded_at.date() == clock.now().date()
    assert given.dose_number == 1
    came = session.get_one(Visit, given.visit_id)
    assert (came.status, came.day, set(came.answers.values())) == ("vaccinated", days_ago(3).date(), {"no"})
    assert left(session, stock) == 4


def test_somebody_of_the_locations_list_is_taken_without_asking(session, place, stock):
    known = someone(session, place)
    made = enter(session, place, sheet(place, stock, last="lópez"))
    assert (made.new_person, made.dose.recipient_id) == (False, known.id)


def test_somebody_checked_in_before_the_outage_ends_that_visit(session, place, stock):
    known = someone(session, place)
    came = make_visit(session, place, known, screened=False)
    made = enter(session, place, sheet(place, stock, given_at=clock.now() - timedelta(seconds=1)))
    assert made.dose.visit_id == came.id


@pytest.mark.parametrize("told", [{"first_name": "Maria"}, {"birth_date": date(1950, 4, 28), "first_name": "Marla"}])
def test_somebody_alike_elsewhere_is_shown_before_a_new_record(session, place, stock, told):
    known = someone(session, **told)
    with pytest.raises(LooksKnown) as shown:
        enter(session, place, sheet(place, stock))
    session.rollback()
    assert [one.recipient_id for one in shown.value.people] == [known.id]
    assert left(session, stock) == 5
    chosen = enter(session, place, sheet(place, stock, ticket=shown.value.people[0].ticket))
    assert (chosen.new_person, chosen.dose.recipient_id) == (False, known.id)


def test_another_person_becomes_a_new_record(session, place, stock):
    known = someone(session)
    made = enter(session, place, sheet(place, stock, different_person=True))
    assert made.new_person
    assert made.dose.recipient_id != known.id


def test_a_ticket_does_not_follow_a_name_that_was_typed_anew(session, place, stock):
    someone(session)
    with pytest.raises(LooksKnown) as shown:
        enter(session, place, sheet(place, stock))
    session.rollback()
    with pytest.raises(TicketExpired):
        enter(session, place, sheet(place, stock, first="John", last="Smith", ticket=shown.value.people[0].ticket))


def test_the_same_paper_twice_is_one_dose(session, place, stock):
    first = enter(session, place, sheet(place, stock))
    with pytest.raises(GivenThatDay) as refused:
        enter(session, place, sheet(place, stock, given_at=days_ago(3, hour=15)))
    session.rollback()
    assert refused.value.dose.id == first.dose.id
    assert left(session, stock) == 4


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"given_at": days_ago(-1)}, BadDoseTime),
        ({"born": days_ago(2).date()}, BadDoseTime),
        ({"given_at": days_ago(200)}, LotUnusable),
        ({"answers": None}, NeedsReasons),
        ({"answers": all_no(sick_today="yes")}, NeedsReasons),
        ({"site": "ear"}, BadDose),
        ({"fact_sheet_given": False}, BadDose),
    ],
    ids=["future", "before birth", "before the lot arrived", "no answers", "sick", "no such place", "no fact sheet"],
)
def test_what_the_clinic_refuses_is_refused_from_paper_and_leaves_nothing_behind(
    session, place, stock, change, refusal
):
    with pytest.raises(refusal):
        enter(session, place, sheet(place, stock, **change))
    session.commit()
    assert (count(session, Recipient), count(session, Visit), left(session, stock)) == (0, 0, 5)


def test_an_expired_lot_is_refused_for_later_days_only(session, place):
    old = make_lot(session, place, number="OLD", expires_on=days_ago(10).date())
    with pytest.raises(LotUnusable):
        enter(session, place, sheet(place, old))
    session.rollback()
    assert enter(session, place, sheet(place, old, given_at=days_ago(10))).new_person


def test_a_reason_lets_a_caution_pass_and_is_kept(session, place, stock):
    made = enter(session, place, sheet(place, stock, answers=all_no(sick_today="yes"), reasons={"defer": "Hay fever"}))
    assert session.get_one(Administration, made.dose.id).overrides == {"defer": "Hay fever"}


def test_the_last_dose_is_given_once(session, place):
    single = make_lot(session, place, number="ONE", doses=1)
    enter(session, place, sheet(place, single))
    with pytest.raises(NoDosesLeft):
        enter(session, place, sheet(place, single, first="John", last="Smith"))
    session.commit()
    assert count(session, Recipient) == 1


def test_nobody_enters_doses_for_another_location(session, place, stock):
    other = make.location(session, "Other Clinic")
    with pytest.raises((NotAllowed, NotFound)):
        enter_from_paper(session, nurse_at(other.id), sheet(place, stock), now=clock.now(), zone=ZONE)
    with pytest.raises(NotFound):
        enter(session, other, sheet(other, stock))


@pytest.fixture
def clerk(session, place):
    account = make.healthcare_provider(session, place)
    return Actor("person", account.id, (GrantedRole(Role.HEALTHCARE_PROVIDER, "location", place.id),))


def a_pile(place, stock, **other):
    return piles.Pile(place.id, other.pop("given_on", days_ago(3).date()), stock.id, "LD", "Ann Lee", "RN", **other)


def test_a_pile_keeps_what_holds_for_all_and_what_was_entered(session, place, stock, clerk):
    piles.lay_pile(session, clerk, a_pile(place, stock, papers=3), now=clock.now(), zone=ZONE)
    made = enter(session, place, sheet(place, stock))
    piles.add_to_pile(session, clerk, place.id, made.dose.id, now=clock.now())
    piles.lay_pile(session, clerk, a_pile(place, stock, papers=4), now=clock.now(), zone=ZONE)
    pile = piles.pile_of(session, clerk, place.id)
    assert (pile.papers, pile.dose_ids) == (4, (made.dose.id,))
    assert [line.full_name for line in piles.entered_from(session, pile)] == ["Maria Lopez"]
    piles.put_pile_away(session, clerk, place.id)
    assert piles.pile_of(session, clerk, place.id) is None


@pytest.mark.parametrize(
    ("change", "refusal"),
    [({"given_on": days_ago(-1).date()}, BadDoseTime), ({"given_on": days_ago(200).date()}, LotUnusable),
     ({"papers": 0}, BadDose), ({"papers": 10**9}, BadDose)],
)  # fmt: skip
def test_a_pile_of_an_impossible_day_is_refused(session, place, stock, clerk, change, refusal):
    with pytest.raises(refusal):
        piles.lay_pile(session, clerk, a_pile(place, stock, **change), now=clock.now(), zone=ZONE)


def test_undo_gives_the_dose_back_and_the_person_can_be_entered_again(session, place, stock, clerk):
    piles.lay_pile(session, clerk, a_pile(place, stock), now=clock.now(), zone=ZONE)
    made = enter(session, place, sheet(place, stock))
    with pytest.raises(NotFound):
        piles.undo_from_pile(session, clerk, place.id, made.dose.id, reason="x", now=clock.now())
    piles.add_to_pile(session, clerk, place.id, made.dose.id, now=clock.now())
    piles.undo_from_pile(session, clerk, place.id, made.dose.id, reason="Typed wrongly", now=clock.now())
    session.commit()
    assert left(session, stock) == 5
    with pytest.raises((DoseRemoved, DoseChanged)):
        piles.undo_from_pile(session, clerk, place.id, made.dose.id, reason="x", now=clock.now())
    session.rollback()
    assert enter(session, place, sheet(place, stock)).dose.dose_number == 1


GOOD = {
    "last_name": "Lopez", "first_name": "Maria", "birth_date": "04/28/1950", "given_time": "9:30 AM", "lot": "EN9001",
    "clinician_name": "Ann Lee", "clinician_suffix": "RN", "screening": "All answers are no", "fact_sheet": "Yes",
}  # fmt: skip


def workbook(*rows):
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(HEADERS.values())
    for row in rows:
        told = GOOD | {"given_on": f"{days_ago(3):%m/%d/%Y}"} | row
        writer.writerow([told.get(key, "") for key in HEADERS])
    return out.getvalue().encode()


def read(session, place, *rows):
    lots = lots_ever(session, nurse_at(place.id), place.id)
    return read_paper_file(workbook(*rows), filename="a.csv", lots=lots, now=clock.now(), zone=ZONE)


def enter_rows(session, database, place, *rows):
    read_rows = read(session, place, *rows)
    session.commit()
    return enter_paper_rows(database, nurse_at(place.id), place.id, read_rows, now=clock.now(), zone=ZONE)


def test_good_rows_of_a_workbook_are_entered_and_sent_again_are_there_already(session, database, place, stock):
    rows = ({}, {"first_name": "John", "last_name": "Smith", "birth_date": "1/2/1960"})
    first = enter_rows(session, database, place, *rows)
    assert (first.entered, first.present, first.mistaken) == (2, 0, ())
    again = enter_rows(session, database, place, *rows)
    assert (again.entered, again.present, again.mistaken) == (0, 2, ())
    session.expire_all()
    assert (left(session, stock), count(session, Recipient)) == (3, 2)


def test_rows_that_are_not_reached_in_time_wait_for_the_same_file_again(session, database, place, stock):
    rows = read(session, place, {}, {"first_name": "John", "last_name": "Smith"})
    session.commit()
    ticks = iter(clock.now() + timedelta(seconds=seconds) for seconds in (0, 1, 60))
    told = {"now": clock.now(), "zone": ZONE}
    first = enter_paper_rows(database, nurse_at(place.id), place.id, rows, time=lambda: next(ticks), **told)
    assert (first.entered, first.waiting) == (1, 1)
    again = enter_paper_rows(database, nurse_at(place.id), place.id, rows, **told)
    assert (again.entered, again.present, again.waiting) == (1, 1, 0)


def test_every_mistake_of_a_row_is_named_by_its_cell(session, place, stock):
    (row,) = read(
        session, place,
        {"last_name": "L0pez", "birth_date": "13/45/1950", "lot": "NONE", "given_time": "25:00", "screening": "some",
         "fact_sheet": "", "clinician_suffix": "Doctor", "zip": "123", "phone": "12"},
    )  # fmt: skip
    assert [one.key for one in row.mistakes] == [
        "last_name", "birth_date", "phone", "zip", "given_time", "lot", "clinician_suffix", "screening", "fact_sheet",
    ]  # fmt: skip
    assert row.mistakes[0].address == "A2"


def test_what_the_clinic_refuses_comes_back_by_its_cell_and_the_rest_goes_on(session, database, place, stock):
    old = make_lot(session, place, number="OLD", expires_on=days_ago(10).date())
    moderna = make_lot(session, place, number="M1", product="moderna-10")
    someone(session, first_name="Maria", last_name="Berg", birth_date=date(1970, 5, 6))
    dose(session, place, someone(session, place, last_name="Early"), stock, given_at=days_ago(10))
    result = enter_rows(
        session, database, place, {}, {"first_name": "Jo", "lot": old.number},
        {"first_name": "Al", "given_on": f"{days_ago(200):%m/%d/%Y}"},
        {"first_name": "Marla", "last_name": "Berg", "birth_date": "05/06/1970"}, {"last_name": "Early"},
        {"first_name": "Bo", "screening": "Not on the paper"},
        {"first_name": "Bob", "last_name": "Ray", "screening": "Not on the paper", "reason": "It was not printed"},
        {"lot": moderna.number},
    )  # fmt: skip
    assert (result.entered, result.present) == (2, 0)
    assert [(row.number, row.mistakes[0].key) for row in result.mistaken] == [
        (3, "lot"), (4, "lot"), (5, ""), (6, "reason"), (7, "reason"), (9, "given_on"),
    ]  # fmt: skip
    assert "too early" in result.mistaken[3].mistakes[0].message


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("930", time(9, 30)), ("0930", time(9, 30)), ("9:30 AM", time(9, 30)), ("2:15p", time(14, 15)), ("9", time(9)),
     ("1415", time(14, 15)), ("12:05 pm", time(12, 5)), ("12:05a", time(0, 5)), ("215 p.m.", time(14, 15))],
)  # fmt: skip
def test_a_time_is_understood_as_people_type_it(typed, meant):
    assert read_clock(typed) == meant


@pytest.mark.parametrize("typed", ["215", "25:00", "9:75", "noon", "13:00 pm", "0:10 am", "12345", "-1", "९"])
def test_a_time_that_could_be_two_or_none_is_asked_about(typed):
    with pytest.raises(Unclear):
        read_clock(typed)


@pytest.mark.parametrize("typed", ["04281950", "4/28/1950", "4 28 1950", "04 28 1950", "1950-04-28"])
def test_a_birth_date_is_typed_as_digits(typed):
    assert read_typed_date(typed, today=date(2021, 3, 1)) == BORN


@pytest.mark.parametrize("typed", ["042850", "28041950", "0428195", "tomorrow", "04282121"])
def test_a_birth_date_that_is_none_is_refused(typed):
    with pytest.raises(Unclear):
        read_typed_date(typed, today=date(2021, 3, 1))
