"""Somebody stands at the door who may be on record: the likely ones are shown, others are not."""

from dataclasses import replace
from datetime import date

import pytest

from app.domain.recipients.keys import near_dates
from app.domain.recipients.likely import find_likely_duplicates
from bench.corruptions import Told, generated
from bench.matching import pairs_shown, true_pairs
from tests.make.vaccinations import someone

TODAY = date(2021, 3, 10)
BORN = date(1950, 4, 8)
KATHRYN = Told(
    0, "Kathryn", "Anne", "Meyers", "", BORN, "k.meyers@example.org", "9195550142", "12 Oak St", "Cary", "27511"
)


@pytest.fixture
def on_record(session, now):
    return someone(
        session, first_name="Kathryn", middle_name="Anne", last_name="Meyers", birth_date=BORN, phone="9195550142",
        email="k.meyers@example.org", street="12 Oak St", city="Cary", zip="27511",
    )  # fmt: skip


def shown(session, **told):
    return [match.known.id for match in find_likely_duplicates(session, replace(KATHRYN, **told), today=TODAY)]


NOTHING_ELSE = {"email": "", "phone": "", "street": "", "city": "", "zip": ""}


@pytest.mark.parametrize(
    "told",
    [
        {},
        NOTHING_ELSE,
        {"email": "other@example.org", "phone": "2525550199", "street": "9 Elm Ave", "city": "Boone", "zip": "28607"},
        {"first_name": "KATHRYN", "last_name": "meyers"} | NOTHING_ELSE,
        {"last_name": "Myers"} | NOTHING_ELSE,
        {"first_name": "Catherine", "last_name": "Mayers"} | NOTHING_ELSE,
        {"first_name": "Kathy"} | NOTHING_ELSE,
        {"first_name": "Anne", "middle_name": ""} | NOTHING_ELSE,
        {"first_name": "Katrhyn"} | NOTHING_ELSE,
        {"first_name": "Meyers", "last_name": "Kathryn"} | NOTHING_ELSE,
        {"birth_date": date(1950, 8, 4)} | NOTHING_ELSE,
        {"birth_date": date(1951, 4, 8)} | NOTHING_ELSE,
        {"birth_date": date(1905, 4, 8)} | NOTHING_ELSE,
        {"last_name": "Meyers-Ochoa"} | NOTHING_ELSE,
        {"last_name": "Ochoa"} | NOTHING_ELSE | {"zip": "27511-1234"},
        {"last_name": "Ochoa"} | NOTHING_ELSE | {"phone": "9195550142"},
        {"last_name": "Ochoa"} | NOTHING_ELSE | {"email": "K.Meyers@example.org"},
        {"birth_date": date(1962, 11, 30)},
        {"first_name": "Xiu", "phone": "9195550142"},
    ],
)
def test_who_may_be_the_person_is_shown(session, on_record, told):
    assert shown(session, **told) == [on_record.id]


@pytest.mark.parametrize(
    "told",
    [
        {"first_name": "Deborah", "phone": "9195550143", "email": "d.meyers@example.org"},
        {"first_name": "Deborah", "phone": "", "email": ""},
        {"last_name": "Ochoa"} | NOTHING_ELSE,
        {"birth_date": date(1962, 11, 30)} | NOTHING_ELSE,
        {"birth_date": date(1975, 6, 21), "suffix": "Jr."},
        {"first_name": "Deborah", "last_name": "Ochoa"} | NOTHING_ELSE,
        {"first_name": "Thomas", "birth_date": date(1948, 1, 2)},
    ],
)
def test_a_twin_a_relative_and_a_stranger_are_not_shown(session, on_record, told):
    assert shown(session, **told) == []


def test_twins_who_are_children_are_two_whatever_their_parents_share(session, now):
    born = date(2012, 6, 21)
    someone(session, first_name="Emma", last_name="Reyes", birth_date=born, phone="9195550142", zip="27511")
    assert shown(session, first_name="Lucas", middle_name="", last_name="Reyes", birth_date=born) == []


def test_a_record_that_was_merged_is_shown_as_the_one_that_it_went_into(session, on_record):
    merged = someone(
        session, first_name="Katherine", last_name="Meyers", birth_date=BORN, phone="9195550142",
        merged_into_id=on_record.id,
    )  # fmt: skip
    matches = find_likely_duplicates(session, KATHRYN, today=TODAY)
    assert [match.known.kept_id for match in matches] == [on_record.id]
    assert merged.id != on_record.id


def test_the_likeliest_is_shown_first_and_a_sure_one_is_called_the_same(session, on_record):
    sister_in_law = someone(session, first_name="Cathy", last_name="Meyers", birth_date=BORN, zip="28801", city="Boone")
    matches = find_likely_duplicates(session, KATHRYN, today=TODAY)
    assert [(match.known.id, match.kind) for match in matches] == [(on_record.id, "same"), (sister_in_law.id, "close")]
    assert "birth date" in matches[1].reasons


@pytest.mark.parametrize(
    "told",
    [
        {"first_name": "Meyers", "last_name": "Kathryn"},
        {"first_name": "Kathy"},
        {"birth_date": date(1950, 8, 4)},
        NOTHING_ELSE | {"city": "Cary", "phone": "2525550199"},
    ],
)
def test_whoever_differs_is_never_called_the_same(session, on_record, told):
    (match,) = find_likely_duplicates(session, replace(KATHRYN, **told), today=TODAY)
    assert match.kind == "close"


@pytest.mark.once
def test_dates_near_another_are_real_and_do_not_hold_it():
    near = near_dates(date(2000, 2, 29))
    assert date(2000, 2, 9) in near
    assert date(2000, 2, 29) not in near
    assert near_dates(date(1950, 4, 8)).count(date(1950, 8, 4)) == 1
    assert all(1890 <= day.year < 2100 for day in near)


def test_of_generated_people_nearly_all_are_found_and_hardly_anybody_else(database, session):
    session.rollback()
    session.close()
    records = generated(400, seed=7)
    found, true = pairs_shown(database, records), true_pairs(records)
    assert len(true) == 200
    assert len(found & true) / len(true) >= 0.95
    assert len(found & true) / len(found) >= 0.95
