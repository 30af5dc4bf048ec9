"""Workbooks made by hand: from rows by openpyxl, or from raw markup where openpyxl is too well-behaved."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from openpyxl import Workbook

HEADINGS = ("First Name", "Last Name", "Date of Birth", "ZIP Code")
ANN = ("Ann", "Lee", "02/14/1980", "27601")
BO = ("Bo", "Chan", "03/25/1975", "27602")

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"


def xlsx(rows: Iterable[Sequence[Any]], *, sheet: str = "Recipients", before: Sequence[str] = ()) -> bytes:
    """A workbook with these rows from A1 on; `before` are names of other sheets that come first."""
    book = Workbook()
    book.remove(book.active)
    for name in before:
        book.create_sheet(name).append(["something", "else"])
    page = book.create_sheet(sheet)
    for row in rows:
        page.append(list(row))
    return saved(book)


def saved(book: Workbook) -> bytes:
    """The bytes of an openpyxl workbook."""
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def csv_file(rows: Iterable[Sequence[Any]], *, delimiter: str = ",", encoding: str = "utf-8") -> bytes:
    """The rows as CSV."""
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter).writerows(rows)
    return out.getvalue().encode(encoding)


def package(parts: Mapping[str, str | bytes], *, method: int = ZIP_DEFLATED) -> bytes:
    """A ZIP archive of these parts."""
    out = io.BytesIO()
    with ZipFile(out, "w", method) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def raw_xlsx(
    data: str | bytes,
    *,
    after: str = "",
    strings: str | bytes = "",
    styles: str = "",
    more: Mapping[str, str] = {},
) -> bytes:
    """A workbook of one sheet called Recipients whose <sheetData> is `data`, followed by `after`."""
    body = data if isinstance(data, bytes) else data.encode()
    sheet = b'<worksheet xmlns="%s"><sheetData>%s</sheetData>%s</worksheet>' % (
        _MAIN.encode(),
        body,
        after.encode(),
    )
    table = strings if isinstance(strings, bytes) else strings.encode()
    relations = "".join(
        f'<Relationship Id="rId{number}" Type="{_RELATIONS}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(
            (
                ("worksheet", "worksheets/sheet1.xml"),
                ("sharedStrings", "sharedStrings.xml"),
                ("styles", "styles.xml"),
            ),
            start=1,
        )
    )
    return package(
        {
            "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
            f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/></Types>',
            "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_RELATIONS}"><sheets>'
            '<sheet name="Recipients" sheetId="1" r:id="rId1"/></sheets></workbook>',
            "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">{relations}'
            "</Relationships>",
            "xl/worksheets/sheet1.xml": sheet,
            "xl/sharedStrings.xml": b'<sst xmlns="%s">%s</sst>' % (_MAIN.encode(), table),
            "xl/styles.xml": f'<styleSheet xmlns="{_MAIN}">{styles}</styleSheet>',
            **more,
        }
    )


def raw_row(number: int, *cells: str) -> str:
    """One <row> of text cells from column A on; a cell that is markup already is taken as it is."""
    return (
        f'<row r="{number}">'
        + "".join(
            cell
            if cell.startswith("<")
            else f'<c r="{chr(64 + place)}{number}" t="inlineStr"><is><t>{cell}</t></is></c>'
            for place, cell in enumerate(cells, start=1)
        )
        + "</row>"
    )
