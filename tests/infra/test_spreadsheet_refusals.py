"""A file that cannot be used is refused whole, at once, with a sentence that says what to do."""

import io
import time
from collections.abc import Callable
from zipfile import ZIP_BZIP2, ZIP_STORED, ZipFile

import pytest
from openpyxl import Workbook
from openpyxl.utils import get_column_letter

from app.infra.spreadsheet import Column, UnreadableFile, read_sheet
from app.infra.spreadsheet.refusals import SENTENCES
from tests.files.workbooks import ANN, HEADINGS, csv_file, package, raw_row, raw_xlsx, saved, xlsx
from tests.infra.test_spreadsheet import COLUMNS, read

pytestmark = pytest.mark.once

OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 500
HEAD = raw_row(1, *HEADINGS)
LONG_ENOUGH = 3.0  # seconds; each takes well under one, on a machine that has nothing else to do


def refusal(data: bytes, **more: int) -> UnreadableFile:
    with pytest.raises(UnreadableFile) as caught:
        read(data, **more)
    return caught.value


@pytest.mark.parametrize(
    ("data", "code", "word"),
    [
        (b"", "empty", "template"),
        (b"\xef\xbb\xbf \r\n\t", "empty", "template"),
        (OLE2 + "Workbook".encode("utf-16-le"), "old_excel", "Save As"),
        (OLE2 + "EncryptedPackage".encode("utf-16-le"), "password", "password"),
        (b"%PDF-1.7 something", "not_a_workbook", "a PDF"),
        (b"\x89PNG\r\n\x1a\n....", "not_a_workbook", "a picture"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", "not_a_workbook", "a picture"),
        (b"<!DOCTYPE html><html><table>", "not_a_workbook", "a web page"),
        (b"\n <html xmlns:x='urn:schemas-microsoft-com:office:excel'>", "not_a_workbook", "a web page"),
        (b"<?xml version='1.0'?><Workbook/>", "not_a_workbook", "an XML file"),
        (b"{\\rtf1 Hello}", "not_a_workbook", "a text document"),
        (b"MZ\x90\x00\x03\x00\x00\x00", "not_a_workbook", "another kind"),
        (package({"holiday.jpg": b"x"}), "not_a_workbook", "a ZIP archive"),
        (package({"[Content_Types].xml": "", "word/document.xml": "x"}), "other_program", "Word document"),
        (package({"[Content_Types].xml": "", "xl/workbook.bin": b"x"}), "other_program", "binary Excel"),
        (package({"Index/Document.iwa": b"x"}), "other_program", "Numbers"),
        (
            package({"mimetype": "application/vnd.oasis.opendocument.spreadsheet"}, method=ZIP_STORED),
            "other_program",
            "LibreOffice",
        ),
        (b"Dear all, please find our people below.", "no_header", "Download the template"),
        (bytes(range(128, 160)) * 3, "encoding", "CSV UTF-8"),
        (b'First Name,Last Name\n"Ann,Lee\nBo,Chan\n', "quotes", "quotation mark"),
        (b'First Name,Last Name\nAnn,Lee\nBo,"Chan" Jr.\n', "quotes", "before line 3"),
        (
            package({"[Content_Types].xml": "<Types/>", "xl/workbook.xml": "<workbook/>"}),
            "no_sheet",
            "template",
        ),
        (package({"xl/workbook.xml": "<workbook/>"}, method=ZIP_BZIP2), "damaged", "fresh template"),
    ],
)
def test_a_file_of_another_kind_is_named_and_the_way_out_shown(data: bytes, code: str, word: str) -> None:
    error = refusal(data)
    assert error.code == code
    assert word in str(error)


def test_every_sentence_ends_and_speaks_of_no_machinery() -> None:
    for sentence in SENTENCES.values():
        assert sentence.endswith((".", "%(beyond)s"))
        assert not any(word in sentence for word in ("XML", "ZIP", "parse", "invalid", "Error"))


@pytest.mark.parametrize("cut", [30, 300, 1500, -30, -400])
def test_a_workbook_cut_short_is_damaged(cut: int) -> None:
    assert refusal(xlsx([HEADINGS, ANN])[:cut]).code in {"damaged", "not_a_workbook"}


def test_a_workbook_with_a_flipped_byte_in_its_rows_is_refused_before_any_row_is_given() -> None:
    data = bytearray(xlsx([HEADINGS, *([ANN] * 300)]))
    place = data.index(b"xl/worksheets/sheet1.xml") + 400
    data[place] ^= 0xFF
    assert refusal(bytes(data)).code == "damaged"


@pytest.mark.parametrize(
    "sheet",
    [
        HEAD + "<row r='2'><c r='A2'",
        HEAD + '<row r="x"/>',
        HEAD + raw_row(2, '<c r="2A"><v>1</v></c>'),
        HEAD + raw_row(2, '<c r="A2" t="s"><v>7</v></c>'),
        HEAD + raw_row(2, '<c r="A2"><v>seven</v></c>'),
        HEAD + raw_row(2, *ANN) + raw_row(2, *ANN),
        HEAD + raw_row(1_048_577, *ANN),
    ],
)
def test_markup_that_no_program_writes_is_damage(sheet: str) -> None:
    assert refusal(raw_xlsx(sheet)).code == "damaged"


def test_a_protected_archive_is_a_matter_of_its_password() -> None:
    data = bytearray(raw_xlsx(HEAD + raw_row(2, *ANN)))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = -1
        while (place := data.find(mark, place + 1)) >= 0:
            data[place + offset] |= 1
    assert refusal(bytes(data)).code == "password"


def test_renamed_and_missing_columns_are_named_with_the_nearest_guess() -> None:
    error = refusal(xlsx([("First Name", "Last Name", "Birthday Date", "ZIP Code"), ANN]))
    assert error.code == "missing_columns"
    assert "These columns are missing: Date of Birth." in str(error)
    assert "“Birthday Date” (did you mean “Date of Birth”?)" in str(error)


def test_added_and_doubled_columns_are_named() -> None:
    error = refusal(xlsx([(*HEADINGS, "Shoe size", "Zip code"), (*ANN, "9", "27601")]))
    assert "We do not know these columns: “Shoe size”." in str(error)
    assert "more than once: Zip code." in str(error)
    assert [facts for _, facts in error.parts] == [{"unknown": "“Shoe size”"}, {"duplicated": "Zip code"}]


def test_headings_below_the_tenth_row_are_not_found() -> None:
    assert refusal(xlsx([*([["x"]] * 10), HEADINGS, ANN])).code == "no_header"


def test_headings_without_rows_are_refused() -> None:
    assert refusal(xlsx([HEADINGS])).code == "no_rows"
    assert refusal(csv_file([HEADINGS, ("", " ", "", "")])).code == "no_rows"


def test_one_row_too_many_is_refused_with_the_limit_and_the_way_on() -> None:
    rows = [ANN] * 5_000
    assert read(csv_file([HEADINGS, *rows])).row_count == 5_000
    error = refusal(csv_file([HEADINGS, *rows, ANN]))
    assert (error.code, error.facts["limit"]) == ("too_many_rows", "5,000")
    with pytest.raises(UnreadableFile, match=r"more than 1 rows\. Ask the help desk\."):
        read(xlsx([HEADINGS, ANN, ANN]), max_rows=1, beyond="Ask the help desk.")


def billion_laughs() -> bytes:
    entities = '<!DOCTYPE x [<!ENTITY a "ha">' + "".join(
        f'<!ENTITY a{n} "{f"&a{n - 1};" * 10 if n else "&a;" * 10}">' for n in range(9)
    )
    parts = ZipFile(io.BytesIO(raw_xlsx(HEAD)))
    content = {name: parts.read(name) for name in parts.namelist()}
    content["xl/worksheets/sheet1.xml"] = (entities + "]><worksheet>&a8;</worksheet>").encode()
    return package(content)


def lying_size() -> bytes:
    """A part of 60 MB that its directory declares to be small."""
    data = bytearray(raw_xlsx(HEAD + " " * 60_000_000 + raw_row(2, *ANN)))
    place = data.rindex(b"xl/worksheets/sheet1.xml") - 46
    data[place + 24 : place + 28] = (1_000).to_bytes(4, "little")
    return bytes(data)


def far_away_cell() -> bytes:
    book = Workbook()
    for values in (HEADINGS, ANN):
        book.active.append(values)
    book.active["XFD1048576"] = "x"
    return saved(book)


BOMBS: dict[str, tuple[Callable[[], bytes], str]] = {
    "a hundred megabytes of spaces": (lambda: raw_xlsx(HEAD + " " * 100_000_000), "too_big"),
    "a part that lies about its size": (lying_size, "damaged"),
    "a million empty rows": (lambda: raw_xlsx(HEAD + "<row/>" * 5_000_000), "too_big"),
    "a million empty cells": (lambda: raw_xlsx(HEAD + "<row>" + "<c/>" * 6_000_000 + "</row>"), "too_big"),
    "millions of shared texts": (lambda: raw_xlsx(HEAD, strings="<si/>" * 6_000_000), "too_big"),
    "one text of 30 MB": (lambda: raw_xlsx(HEAD + raw_row(2, "A" * 30_000_000)), ""),
    "a document type with entities": (billion_laughs, "damaged"),
    "ten thousand parts": (
        lambda: package({"xl/workbook.xml": "", **{f"xl/{n}.xml": "" for n in range(10_000)}}),
        "too_big",
    ),
    "a great many merges": (
        lambda: raw_xlsx(
            HEAD + raw_row(2, *ANN),
            after="<mergeCells>" + '<mergeCell ref="A1:XFD9"/>' * 5_000 + "</mergeCells>",
        ),
        "merged",
    ),
    "deeply nested markup": (lambda: raw_xlsx(HEAD + "<x>" * 500_000), "damaged"),
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_refused_at_once(name: str) -> None:
    make, code = BOMBS[name]
    data = make()
    started = time.perf_counter()
    if code:
        assert refusal(data).code == code
    else:
        assert read(data).row_count == 1
    assert time.perf_counter() - started < LONG_ENOUGH


def test_a_cell_in_the_last_corner_of_the_sheet_costs_nothing() -> None:
    data = far_away_cell()
    started = time.perf_counter()
    assert read(data).row_count == 1
    assert time.perf_counter() - started < LONG_ENOUGH


def test_columns_beyond_the_hundredth_are_not_looked_at() -> None:
    far = f'<c r="{get_column_letter(200)}2" t="s"><v>999</v></c>'
    assert read(raw_xlsx(HEAD + raw_row(2, "Ann", "Lee", far))).row_count == 1


def test_a_csv_larger_than_the_limit_is_refused() -> None:
    with pytest.raises(UnreadableFile) as caught:
        read_sheet(b"x" * 2_000_000, filename="x", columns=COLUMNS, max_rows=5, max_inflated_bytes=1 << 20)
    assert caught.value.facts == {"limit_mb": "1"}


def test_a_sheet_of_one_column_needs_only_that_heading() -> None:
    sheet = read_sheet(
        b"Email\na@example.org\n",
        filename="x.csv",
        columns=(Column("email", "Email", required=True),),
        max_rows=5,
        max_inflated_bytes=1 << 20,
    )
    assert [row.cells["email"].address for row in sheet.rows] == ["A2"]
