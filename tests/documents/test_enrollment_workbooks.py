"""The workbooks of enrollment: what is downloaded can be filled in, and what comes back can be mended."""

import io
from collections.abc import Callable
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from app.documents.workbooks import locations_template, locations_to_mend, providers_template, providers_to_mend
from app.documents.workbooks.form import Form
from app.documents.workbooks.locations import LOCATIONS
from app.documents.workbooks.practising_providers import PROVIDERS
from app.domain.enrollment.location_rows import read_locations
from app.domain.enrollment.provider_rows import read_providers
from app.infra.spreadsheet.read_rows import ReadRow
from tests.files.workbooks import saved, xlsx

pytestmark = pytest.mark.once

Read = Callable[..., list[ReadRow]]
KINDS = [(LOCATIONS, locations_template, read_locations), (PROVIDERS, providers_template, read_providers)]
NAMES = ["locations", "providers"]


def opened(data: bytes) -> Workbook:
    return load_workbook(io.BytesIO(data))


@pytest.mark.parametrize(("form", "make", "read"), KINDS, ids=NAMES)
def test_a_template_filled_in_by_hand_is_read_without_its_example(form: Form, make: Any, read: Read) -> None:
    book = opened(make())
    page = book[form.sheet_name]
    for place, column in enumerate(form.columns, start=1):
        page.cell(3, place, form.example[column.key].replace("EXAMPLE", "77").replace("jordan.", "lee."))
    (row,) = read(saved(book), filename="a.xlsx")
    assert (row.number, row.mistakes) == (3, ())


@pytest.mark.parametrize(("form", "make", "read"), KINDS, ids=NAMES)
def test_a_template_explains_every_column_and_opens_on_the_sheet_to_fill_in(form: Form, make: Any, read: Read) -> None:
    book = opened(make())
    assert book.sheetnames == [form.sheet_name, "Instructions", "Lists"]
    assert book["Lists"].sheet_state == "hidden"
    said = "\n".join(str(cell.value) for row in book["Instructions"].iter_rows() for cell in row if cell.value)
    for column in form.columns:
        assert column.header in said
        assert form.hints()[column.key] in said
    assert f"{form.most_rows:,}" in said
    assert set(form.looks) == set(form.example) == set(form.hints()) == {column.key for column in form.columns}


@pytest.mark.parametrize(("form", "make", "read"), KINDS, ids=NAMES)
def test_every_choice_of_every_list_is_accepted(form: Form, make: Any, read: Read) -> None:
    typed = {key: value.replace("EXAMPLE", "77").replace("jordan.", "lee.") for key, value in form.example.items()}
    for key in form.listed:
        for choice in form.looks[key].choices:
            changed = {**typed, key: choice}
            lines = [[column.header for column in form.columns], [changed[column.key] for column in form.columns]]
            (row,) = read(xlsx(lines, sheet=form.sheet_name), filename="a.xlsx")
            assert row.is_good, row.mistakes


def test_locations_that_could_not_be_taken_come_back_as_typed_and_can_be_mended() -> None:
    good = LOCATIONS.example | {"name": "Boone Clinic"}
    lines = [
        [column.header for column in LOCATIONS.columns],
        list(good.values()),
        list((good | {"name": "Bad Clinic", "zip": "276", "coordinator_phone": "=1+1"}).values()),
        list((good | {"name": "boone clinic"}).values()),
    ]
    rows = read_locations(xlsx(lines, sheet="Locations"), filename="a.xlsx")
    returned = locations_to_mend(row for row in rows if not row.is_good)
    page = opened(returned)["Locations"]
    assert page["G2"].value == "276"
    assert page["G2"].comment is not None
    assert page["G2"].fill.start_color.rgb != page["A2"].fill.start_color.rgb
    assert (page["M1"].value, page["N1"].value, page["N2"].value, page["N3"].value) == ("What to fix", "Original row", 3, 4)
    assert "G3: ZIP Code - Write the ZIP code as five digits" in str(page["M2"].value)
    assert "row 2 already" in str(page["M3"].value)
    book = opened(returned)
    book["Locations"]["G2"], book["Locations"]["L2"], book["Locations"]["A3"] = "27601", "9195550100", "Apex Clinic"
    assert [row.mistakes for row in read_locations(saved(book), filename="b.xlsx")] == [(), ()]


def test_providers_come_back_with_the_mistake_beside_the_cell() -> None:
    lines = [[column.header for column in PROVIDERS.columns], ["Amara", "Okafor", "Wizard", "77"]]
    rows = read_providers(xlsx(lines, sheet="Practicing Providers"), filename="a.xlsx")
    page = opened(providers_to_mend(rows))["Practicing Providers"]
    assert page["C2"].value == "Wizard"
    assert "not in the list" in page["C2"].comment.text
    assert {str(rule.sqref) for rule in page.data_validations.dataValidation} == {"C2:C2002"}
