"""Every mistake of a row is found in one pass and named by its cell; what can be understood is put right."""

from dataclasses import replace
from datetime import date, datetime
from io import BytesIO
from typing import Any

import pytest
from openpyxl import Workbook

from app.domain.recipients.recipient_rows import (
    COLUMNS,
    EXAMPLE,
    RecipientRow,
    RowResult,
    open_recipient_file,
    read_row,
    to_cells,
)
from app.infra.spreadsheet import Cell, Fault, Row, UnreadableFile
from tests.files.workbooks import csv_file, xlsx

pytestmark = pytest.mark.once

TODAY = date(2021, 3, 3)
LETTERS = {column.key: chr(ord("A") + place) for place, column in enumerate(COLUMNS)}
NEEDED = {"first_name": "Ann", "last_name": "Lee", "birth_date": "02/14/1980", "zip": "27601"}
ANN = RecipientRow(
    number=7,
    first_name="Ann",
    middle_name="",
    last_name="Lee",
    suffix="",
    birth_date=date(1980, 2, 14),
    email="",
    phone="",
    street="",
    city="",
    county_fips="",
    state_abbr="",
    zip="27601",
    gender="",
    races=(),
    ethnicity="",
    industry="",
    external_id="",
)


def row(**values: Any) -> Row:
    """Row 7 of a file with every column; what is not given is Ann Lee's, or blank."""
    given = {**NEEDED, **values}
    return Row(7, {key: Cell(f"{letter}7", given.get(key)) for key, letter in LETTERS.items()})


def result(**values: Any) -> RowResult:
    return read_row(row(**values), today=TODAY)


def recipient(**values: Any) -> RecipientRow:
    found = result(**values)
    assert found.recipient is not None, found.mistakes
    return found.recipient


def mistake(**values: Any) -> str:
    """The message of the only mistake, which must be in the first given column."""
    found = result(**values)
    assert found.recipient is None
    (only,) = found.mistakes
    key = next(iter(values))
    assert (only.key, only.address) == (key, f"{LETTERS[key]}7")
    return only.message


def test_names_birth_date_and_zip_code_are_enough() -> None:
    assert recipient() == ANN


def test_a_full_row_is_kept_in_the_forms_of_the_programs_lists() -> None:
    full = recipient(
        middle_name="Q.",
        suffix="III",
        email="Ann.Lee@Example.ORG",
        phone="(919) 555-0100",
        street="12 Oak St., Apt. 3",
        city="Raleigh",
        county="wake county",
        state="north carolina",
        zip="27601-1234",
        gender="F",
        race="Asian; white",
        ethnicity="2186-5",
        industry="FOOD AND AGRICULTURE",
        external_id=4711.0,
    )
    assert full == replace(
        ANN,
        middle_name="Q.",
        suffix="III",
        email="Ann.Lee@example.org",
        phone="9195550100",
        street="12 Oak St., Apt. 3",
        city="Raleigh",
        county_fips="37183",
        state_abbr="NC",
        zip="27601-1234",
        gender="female",
        races=("2028-9", "2106-3"),
        ethnicity="2186-5",
        industry="food",
        external_id="4711",
    )


def test_all_mistakes_of_a_row_are_found_at_once_in_the_order_of_the_columns() -> None:
    found = result(last_name=None, birth_date="soon", email="ann@", phone="12", zip="276", gender="yes")
    assert [m.column for m in found.mistakes] == [
        "Last Name",
        "Date of Birth",
        "Email",
        "Phone",
        "ZIP Code",
        "Gender",
    ]
    assert all(m.message.endswith((".", "?")) for m in found.mistakes)


@pytest.mark.parametrize("key", ["first_name", "last_name", "birth_date", "zip"])
def test_what_is_required_is_asked_for(key: str) -> None:
    assert mistake(**{key: None}).startswith("Enter the ")


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Anne-Marie", "Anne-Marie"),
        ("O’Neil", "O'Neil"),
        ("D'Angelo Jr.", "D'Angelo Jr."),
        ("María José", "María José"),
        ("Nguyễn", "Nguyễn"),
        ("Łukasz", "Łukasz"),
        ("田中", "田中"),
        ("محمد", "محمد"),
        ("नीलम", "नीलम"),
        ("Smith–Jones", "Smith-Jones"),
        ("X", "X"),
        (True, "True"),
    ],
)
def test_a_legal_name_may_have_letters_of_any_script(typed: object, kept: str) -> None:
    assert recipient(last_name=typed).last_name == kept


@pytest.mark.parametrize(
    ("typed", "advice"),
    [
        ("Ann2", "no digits"),
        (12, "no digits"),
        ("Ann (Annie)", "Take out “(”"),
        ('Ann "Annie"', "nickname"),
        ("Lee, Ann", "Take out “,”"),
        ("Ann_Lee", "Take out “_”"),
        ("--", "Enter a name with letters"),
        ("😀", "Take out"),
        ("A" * 41, "40 characters or fewer; this has 41"),
        (date(2021, 5, 1), "Excel has made this a date"),
    ],
)
def test_what_is_no_legal_name_says_what_to_take_out(typed: object, advice: str) -> None:
    assert advice in mistake(first_name=typed)


def test_names_may_be_as_long_as_their_columns_allow() -> None:
    longest = recipient(first_name="A" * 40, middle_name="B" * 40, last_name="C" * 80, suffix="D" * 10)
    assert longest.last_name == "C" * 80
    assert len(result(middle_name="B" * 41, last_name="C" * 81, suffix="D" * 11).mistakes) == 3


def test_a_suffix_may_be_a_number_in_order() -> None:
    assert recipient(suffix="2nd").suffix == "2nd"
    assert "Jr." in mistake(suffix="7")


@pytest.mark.parametrize("nothing", ["N/A", "none", "-", "—"])
def test_words_for_nothing_in_an_optional_column_are_nothing(nothing: str) -> None:
    kept = recipient(middle_name=nothing, email=nothing, phone=nothing, race=nothing)
    assert kept == ANN


@pytest.mark.parametrize(
    "typed",
    [
        "02/14/1980",
        "2/14/1980",
        "2-14-1980",
        "1980-02-14",
        "1980/2/14",
        "1980-02-14 00:00:00",
        "14-Feb-1980",
        "Feb. 14, 1980",
        "14 February 1980",
        29265,
        29265.0,
        "29265",
        date(1980, 2, 14),
        datetime(1980, 2, 14, 9, 30),
    ],
)
def test_a_birth_date_is_read_in_every_way_that_means_one_day(typed: object) -> None:
    assert recipient(birth_date=typed).birth_date == date(1980, 2, 14)


@pytest.mark.parametrize(
    ("typed", "advice"),
    [
        ("2/14/80", "four digits"),
        ("14/02/1980", "There is no month 14"),
        ("02/30/1980", "no such day"),
        ("14.02.1980", "month, day and year"),
        ("1980", "month, day and year"),
        (1980, "only a year"),
        (19800214, "month, day and year"),
        ("yesterday", "month, day and year"),
        (True, "month, day and year"),
        ("03/04/2021", "in the future"),
        (date(2080, 2, 14), "in the future"),
        ("02/14/1880", "more than 120 years ago"),
        (-5, "month, day and year"),
        (1e300, "month, day and year"),
    ],
)
def test_a_birth_date_that_could_mean_anything_else_is_asked_for_again(typed: object, advice: str) -> None:
    assert advice in mistake(birth_date=typed)


def test_somebody_born_today_is_taken_and_a_young_person_is_a_matter_to_check() -> None:
    assert recipient(birth_date="03/03/2021").birth_date == TODAY
    found = read_row(row(birth_date="03/04/2005"), today=TODAY, minimum_age=16)
    assert found.recipient is not None
    assert [warning.key for warning in found.warnings] == ["birth_date"]
    assert not read_row(row(birth_date="03/03/2005"), today=TODAY, minimum_age=16).warnings


@pytest.mark.parametrize(
    "typed", ["ann@", "ann.example.org", "ann lee@example.org", "a@b", "ann@example..org"]
)
def test_an_address_that_cannot_be_one_is_asked_for_again(typed: str) -> None:
    assert "name@example.org" in mistake(email=typed)


def test_two_addresses_in_one_cell_are_one_too_many() -> None:
    assert "one e-mail address only" in mistake(email="a@example.org; b@example.org")


def test_a_likely_slip_in_an_address_is_pointed_out_and_taken() -> None:
    found = result(email="ann@gmial.com")
    assert found.recipient is not None
    assert "gmail.com" in found.warnings[0].message


@pytest.mark.parametrize(
    "typed",
    [
        "9195550100",
        9195550100,
        9195550100.0,
        "919-555-0100",
        "(919) 555-0100",
        "919.555.0100",
        "+1 919 555 0100",
        "19195550100",
        "919‑555‑0100",
    ],
)
def test_a_telephone_number_becomes_ten_digits(typed: object) -> None:
    assert recipient(phone=typed).phone == "9195550100"


@pytest.mark.parametrize(
    "typed", ["919555010", "91955501000", "919-555-0100 x12", "call me", "29195550100", "٩١٩٥٥٥٠١٠٠"]
)
def test_a_telephone_number_of_another_shape_is_asked_for_again(typed: str) -> None:
    assert "ten digits" in mistake(phone=typed)


@pytest.mark.parametrize(
    ("typed", "state", "kept"),
    [
        (27601.0, "NC", "27601"),
        ("27601", None, "27601"),
        (276011234, None, "27601-1234"),
        ("27601 1234", None, "27601-1234"),
        (2139, "MA", "02139"),
        ("2139", "Massachusetts", "02139"),
        (501, "Puerto Rico", "00501"),
        ("2139-4307", "MA", "02139-4307"),
    ],
)
def test_a_zip_code_is_five_digits_or_nine_and_gets_its_lost_zeros_back(
    typed: object, state: str | None, kept: str
) -> None:
    assert recipient(zip=typed, state=state).zip == kept


@pytest.mark.parametrize("typed", [2760, "2760", "276011", "ABCDE", "27601-12", "２７６０１"])
def test_a_zip_code_of_another_shape_is_asked_for_again(typed: object) -> None:
    assert "five digits" in mistake(zip=typed, state="NC")


def test_a_zip_code_far_from_its_state_is_a_matter_to_check() -> None:
    assert [warning.key for warning in result(zip="90210", state="NC").warnings] == ["zip"]


def test_a_county_elsewhere_is_not_kept_and_one_that_does_not_exist_is_asked_for_again() -> None:
    assert result(county="Henrico", state="VA").warnings[0].key == "county"
    assert recipient(county="Henrico", state="VA").county_fips == ""
    assert "not a county of North Carolina" in mistake(county="Henrico", state="NC")
    assert recipient(county="McDowell").county_fips == "37111"


def test_a_value_that_is_not_in_its_list_gets_the_nearest_or_the_choices() -> None:
    assert "Did you mean “North Carolina”?" in mistake(state="Nort Carolina")
    assert "Female; Male;" in mistake(gender="yes")
    assert "list in the template" in mistake(industry="Piracy")


@pytest.mark.parametrize("typed", ["Asian;White", "asian, white", "2028-9; 2106-3;", "Asian; White; Asian"])
def test_several_races_may_be_given(typed: str) -> None:
    assert recipient(race=typed).races == ("2028-9", "2106-3")


def test_a_race_and_preferring_not_to_say_exclude_each_other() -> None:
    assert recipient(race="Prefer not to say").races == ("declined",)
    assert "not both" in mistake(race="Asian; Prefer not to say")


@pytest.mark.parametrize(
    ("fault", "advice"),
    [
        (Fault("formula", ""), "Paste the value"),
        (Fault("error", "#REF!"), "shows #REF!"),
        (Fault("control", "An n"), "type the value again"),
        (Fault("merged", "B6"), "merged with B6"),
    ],
)
@pytest.mark.parametrize("key", LETTERS)
def test_a_cell_that_cannot_be_used_says_why_in_any_column(key: str, fault: Fault, advice: str) -> None:
    assert advice in mistake(**{key: fault})


def test_a_text_too_long_for_its_column_is_not_cut() -> None:
    assert "100 characters or fewer; this has 101" in mistake(street="x" * 101)


def test_the_example_of_the_template_is_left_out_until_somebody_writes_over_it() -> None:
    assert result(**EXAMPLE).is_example
    assert result(**{**EXAMPLE, "birth_date": date(1980, 2, 14), "zip": 27601}).is_example
    assert recipient(**{**EXAMPLE, "first_name": "Jo"}).first_name == "Jo"


def test_the_example_is_left_out_where_columns_that_nobody_must_have_were_deleted() -> None:
    kept = {key: value for key, value in EXAMPLE.items() if key not in ("external_id", "email")}
    headings = [column.header for column in COLUMNS if column.key in kept]
    sheet = open_recipient_file(csv_file([headings, kept.values(), ["Ann", *[*kept.values()][1:]]]), filename="a.csv")
    assert [row.cell("first_name").text for row in sheet.rows] == ["Ann"]


def test_a_file_that_holds_only_the_example_has_no_rows() -> None:
    headings = [column.header for column in COLUMNS]
    with pytest.raises(UnreadableFile) as refused:
        open_recipient_file(xlsx([headings, EXAMPLE.values()]), filename="template.xlsx")
    assert refused.value.code == "no_rows"
    sheet = open_recipient_file(csv_file([headings, EXAMPLE.values(), ANN_TYPED]), filename="a.csv")
    assert [row.number for row in sheet.rows] == [3]


def test_the_words_of_personnel_lists_are_understood() -> None:
    headings = ["First Name", "Surname", "Birthday", "Cell Phone", "Postal Code"]
    sheet = open_recipient_file(csv_file([headings, ["Ann", "Lee", "2/14/1980", "9195550100", "27601"]]), filename="a.csv")
    found = read_row(next(iter(sheet.rows)), today=TODAY).recipient
    assert found is not None
    assert (found.last_name, found.birth_date, found.phone, found.zip) == ("Lee", date(1980, 2, 14), "9195550100", "27601")


def test_a_plain_number_of_days_in_a_book_of_the_1904_calendar_is_the_same_day() -> None:
    book = Workbook()
    book.epoch = datetime(1904, 1, 1)
    book.active.append(["First Name", "Last Name", "Date of Birth", "ZIP Code"])
    for born in (date(1980, 2, 14), 1980):
        book.active.append(["Ann", "Lee", born, 27601])
    book.active["C2"].number_format = "General"
    out = BytesIO()
    book.save(out)
    right, year = open_recipient_file(out.getvalue(), filename="mac.xlsx").rows
    found = read_row(right, today=TODAY).recipient
    assert found is not None
    assert found.birth_date == date(1980, 2, 14)
    assert "only a year" in read_row(year, today=TODAY).mistakes[0].message


ANN_TYPED = [NEEDED.get(column.key, "") for column in COLUMNS]


def test_one_row_too_many_is_shown_the_way_to_the_help_desk() -> None:
    headings = [column.header for column in COLUMNS]
    with pytest.raises(UnreadableFile, match=r"5,000 rows.*help desk"):
        open_recipient_file(csv_file([headings, *([ANN_TYPED] * 5_001)]), filename="a.csv")


def test_what_is_kept_of_a_row_are_its_values_as_typed() -> None:
    kept = to_cells(row(birth_date=date(1980, 2, 14), phone=9195550100.0, zip=Fault("error", "#REF!")))
    assert kept == {
        "first_name": "Ann",
        "last_name": "Lee",
        "birth_date": "02/14/1980",
        "phone": "9195550100",
        "zip": "#REF!",
    }
