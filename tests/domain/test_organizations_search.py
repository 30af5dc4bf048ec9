"""Search as you type: what is found by which letters, and in which order."""

import pytest

from app.domain.accounts.access import system
from app.domain.organizations.models import Organization
from app.domain.organizations.search import COMMON, SearchResult, search_organizations
from app.domain.organizations.searchable import make_searchable
from app.infra import clock
from tests.make.organizations import organization

ACTOR = system("test")


def found(session, typed, **options):
    return [match.name for match in search_organizations(session, ACTOR, typed, **options).matches]


@pytest.mark.parametrize("typed", ["", "a", "ha", " h a ", "'-'", "é!"])
def test_fewer_than_three_letters_find_nothing_and_say_so(session, typed):
    organization(session)
    assert search_organizations(session, ACTOR, typed) == SearchResult(too_short=True)


@pytest.mark.parametrize(
    "typed",
    [
        "har", "HARV", "harvest f", "foods", "Harvest Foods", "foods harvest", "har foo", "main", "raleigh", "27601",
        "harvest raleigh", "rale harv", "12 main", "arves", "oods", "harves't", "hárvest", "harvest, foods",
    ],
)  # fmt: skip
def test_an_organization_is_found_by_the_letters_of_its_name_and_address(session, typed):
    organization(session, "Winter Dairy", street="3 Elm St", city="Boone", zip="28607")
    organization(session)
    assert found(session, typed) == ["Harvest Foods"]


@pytest.mark.parametrize(
    "typed", ["xyz", "harvest boone", "harvest xyz", "harvestfoods", "<b>", "%%%", "___", "'; --"]
)
def test_what_is_not_there_is_not_found(session, typed):
    organization(session)
    assert found(session, typed) == []


def test_names_that_begin_so_come_first_then_words_of_names_then_addresses_then_middles(session):
    organization(session, "Brickyard", street="1 Elm St", city="Boone")
    organization(session, "Anvil Works", street="1 Yard St", city="Boone")
    organization(session, "Scrap Yard", street="2 Elm St", city="Boone")
    organization(session, "Yardley Foods", street="3 Elm St", city="Boone")
    organization(session, "Yard Sale", street="4 Elm St", city="Boone")
    assert found(session, "yard") == ["Yard Sale", "Yardley Foods", "Scrap Yard", "Anvil Works", "Brickyard"]


def test_the_middle_of_words_is_looked_at_only_when_little_else_was_found(session):
    for number in range(10):
        organization(session, f"Yard {number}")
    organization(session, "Brickyard")
    assert "Brickyard" not in found(session, "yard")


def test_at_most_twenty_are_shown_and_that_there_are_more(session):
    for number in range(21):
        organization(session, f"Harvest {number:02}")
    result = search_organizations(session, ACTOR, "harvest")
    assert [match.name for match in result.matches] == [f"Harvest {number:02}" for number in range(20)]
    assert result.more
    assert not search_organizations(session, ACTOR, "harvest 20").more


def test_of_two_common_words_those_with_both_are_found(session):
    for number in range(30):
        organization(session, f"Harvest {number:02}", city="Boone", street="1 Elm St", zip="28607")
        organization(session, f"Winter {number:02}", city="Cary", street="1 Elm St", zip="27511")
    organization(session, "Harvest Hall", city="Cary", street="1 Elm St", zip="27511")
    assert found(session, "harvest cary") == ["Harvest Hall"]


@pytest.fixture
def two_thousand(session):
    """So many that each of their words is common."""
    made = [
        Organization(name=f"{word} {number}", industry="food", street="1 Elm St", city=city, zip=zip_code,
                     created_at=clock.now())
        for word, city, zip_code in (("Harvest", "Boone", "28607"), ("Winter", "Cary", "27511"))
        for number in range(COMMON)
    ]  # fmt: skip
    session.add_all(made)
    make_searchable(session, made)
    session.commit()
    return made


def test_the_one_that_has_two_very_common_words_is_found(session, two_thousand):
    assert found(session, "harvest cary") == []
    organization(session, "Harvey Hall", city="Cary", street="1 Elm St", zip="27511")
    hall = organization(session, "Harvest Hall", city="Cary", street="1 Elm St", zip="27511")
    assert found(session, "harvest cary") == found(session, "car harvest elm") == ["Harvest Hall"]
    assert sorted(found(session, "harve cary")) == ["Harvest Hall", "Harvey Hall"]
    hall.city = "Apex"
    make_searchable(session, [hall])
    assert found(session, "harvest cary") == []


def test_of_very_common_words_those_with_more_of_them_in_the_name_come_first(session, two_thousand):
    organization(session, "Fall Harvest", city="Cary", street="1 Elm St", zip="27511")
    organization(session, "The Harvest of Cary", city="Boone", street="1 Elm St", zip="28607")
    assert found(session, "harvest cary") == ["The Harvest of Cary", "Fall Harvest"]


def test_rare_letters_from_the_middle_are_found_beside_a_very_common_word(session, two_thousand):
    organization(session, "Brickyard", city="Cary", street="1 Elm St", zip="27511")
    assert found(session, "ckyar cary") == ["Brickyard"]
    assert found(session, "ckyar boone") == []


def test_a_name_of_any_script_and_length_is_found(session):
    organization(session, "日本食品")
    organization(session, "Łódź Bäckerei")
    organization(session, "A" * 255)
    assert found(session, "日本食") == ["日本食品"]
    assert found(session, "lodz") == ["Łódź Bäckerei"]
    assert found(session, "a" * 60) == ["A" * 255]


def test_words_that_are_mended_are_forgotten(session):
    made = organization(session)
    made.name = "Summer Foods"
    make_searchable(session, [made])
    assert found(session, "harvest") == found(session, "arves") == []
    assert found(session, "summer") == found(session, "umme") == ["Summer Foods"]
