"""The code tables are whole, and every entry is found by what people call it."""

import pytest

from app.domain.program.counties import COUNTIES, county_by_fips, county_by_name
from app.domain.program.demographics import ETHNICITIES, GENDERS, RACES
from app.domain.program.industries import INDUSTRIES
from app.domain.program.lookup import Choice, Choices
from app.domain.program.states import STATES, state_by_name

pytestmark = pytest.mark.once


def test_the_hundred_counties_have_the_odd_codes_in_alphabetical_order() -> None:
    assert [county.fips for county in COUNTIES.entries] == [str(code) for code in range(37001, 37200, 2)]
    names = [county.name for county in COUNTIES.entries]
    assert names == sorted(names, key=lambda name: name.replace("Mc", "Mac").lower())
    assert len(set(names)) == 100


@pytest.mark.parametrize(
    ("name", "fips"),
    [
        ("Alamance", "37001"),
        ("Durham", "37063"),
        ("MCDOWELL", "37111"),
        ("Macon County", "37113"),
        ("mecklenburg", "37119"),
        ("new hanover county", "37129"),
        ("Wake", "37183"),
        ("Yancey", "37199"),
        ("37183", "37183"),
    ],
)
def test_counties_have_the_codes_that_the_census_gave_them(name: str, fips: str) -> None:
    county = county_by_name(name)
    assert county is not None
    assert county.fips == fips
    assert county_by_fips(fips) == county


def test_there_are_fifty_states_the_district_and_the_places_mail_goes_to() -> None:
    assert len(STATES.entries) == 50 + 1 + 5 + 3
    for text in ("NC", "nc", "North Carolina", "NORTH  CAROLINA", "N. Carolina", "N.C."):
        state = state_by_name(text)
        assert state is not None
        assert (state.abbr, state.name) == ("NC", "North Carolina")
    assert state_by_name("Carolina") is None


def test_industries_end_with_other_and_know_their_sector() -> None:
    assert len(INDUSTRIES.entries) == 20
    assert INDUSTRIES.labels[-1] == "Other"
    assert sum(entry.sector == "frontline" for entry in INDUSTRIES.entries) == 8
    food = INDUSTRIES.find("food AND agriculture")
    assert food is not None
    assert (food.code, food.sector) == ("food", "frontline")


def test_every_list_offers_not_to_say_and_reports_what_the_federal_extract_takes() -> None:
    for choices in (GENDERS, RACES, ETHNICITIES):
        assert "Prefer not to say" in choices.labels
    assert {choice.reported for choice in GENDERS.entries} == {"F", "M", "U"}
    assert {choice.reported for choice in ETHNICITIES.entries} == {"2135-2", "2186-5", "UNK"}
    assert all(choice.reported in {choice.code, "UNK"} for choice in RACES.entries)


@pytest.mark.parametrize("choices", [COUNTIES, STATES, INDUSTRIES, GENDERS, RACES, ETHNICITIES])
def test_every_entry_is_found_by_its_label_its_code_and_every_other_word(choices: Choices[Choice]) -> None:
    for entry in choices.entries:
        for word in (entry.code, entry.label, entry.label.upper(), *entry.also):
            assert choices.find(word) is entry
    assert choices.find("") is None


def test_one_word_cannot_mean_two_entries() -> None:
    with pytest.raises(ValueError, match="two entries"):
        Choices((Choice("a", "First"), Choice("b", "first")))
