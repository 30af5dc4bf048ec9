"""An .xlsx workbook as lines of values, read as a stream.

The markup is read with expat rather than with openpyxl: openpyxl cannot tell a blank cell from a formula
without a saved result, refuses workbooks whose styles it does not understand, and builds an object for every
element, so that 40 MiB of empty elements cost gigabytes. A document type (and with it every entity) is
refused.
"""

import posixpath
import zlib
from collections.abc import Iterator
from datetime import date, datetime, time
from io import BytesIO
from xml.parsers import expat
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile

from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900, from_excel

from app.infra.spreadsheet.cells import Value
from app.infra.spreadsheet.refusals import UnreadableFile
from app.infra.spreadsheet.xlsx_parts import (
    Handler,
    Merge,
    RelationHandler,
    SheetHandler,
    StringsHandler,
    StylesHandler,
    WorkbookHandler,
)

Line = tuple[int, dict[int, Value]]

MOST_PARTS = 200
_CHUNK = 1 << 16
_LAST_SERIAL = 2_958_465  # 31 December 9999


class Workbook:
    """An opened workbook: its sheets' names in order, and the lines of any of them."""

    def __init__(self, data: bytes, *, max_inflated_bytes: int, max_tags: int) -> None:
        """Open it. `max_tags` caps the markup of each part. Raises UnreadableFile."""
        self._left = self._limit = max_inflated_bytes
        self._max_tags = max_tags
        self._zip = _open_zip(data, max_inflated_bytes)
        self._names = {_plain(name): name for name in self._zip.namelist()}
        main = self._main_part()
        book = WorkbookHandler()
        self._read(main, book)
        relations = self._relations(main)
        self.from_1904 = book.from_1904
        self._epoch = CALENDAR_MAC_1904 if book.from_1904 else CALENDAR_WINDOWS_1900
        self.sheets = self._sheets(book, relations)
        self._date_styles = self._dates(relations)
        self._strings: list[str] | None = None
        self._strings_part = next((part for kind, part in relations.values() if kind == "sharedStrings"), "")

    def lines(self, name: str, merges: list[Merge]) -> Iterator[Line]:
        """The lines of a sheet that have a value: (row number, {column number: value}), in order.

        `merges` is filled with the sheet's merged ranges when the last line has been read. Raises
        UnreadableFile.
        """
        self._left = self._limit
        if self._strings is None:
            self._strings = self._read_strings()
        handler = SheetHandler(self._strings, self._date_styles, self._date)
        last = 0
        for _ in self._feed(self.sheets[name], handler):
            for line in handler.take():
                if line[0] <= last:
                    raise UnreadableFile("damaged")
                last = line[0]
                yield line
        merges[:] = handler.merges

    def _date(self, serial: float) -> datetime | date | time | float:
        if not 0 <= serial <= _LAST_SERIAL:
            return serial
        value = from_excel(serial, self._epoch)
        if isinstance(value, datetime):
            return value.date() if value.time() == time.min else value
        return value if isinstance(value, time) else serial

    def _main_part(self) -> str:
        """The path of the workbook part; most programs use xl/workbook.xml, the package says so if not."""
        if "xl/workbook.xml" in self._names:
            return "xl/workbook.xml"
        for kind, part in self._relations("").values():
            if kind == "officeDocument" and part in self._names:
                return part
        raise UnreadableFile("damaged")

    def _sheets(self, book: WorkbookHandler, relations: dict[str, tuple[str, str]]) -> dict[str, str]:
        found: dict[str, str] = {}
        for name, relation in book.sheets:
            kind, part = relations.get(relation, ("", ""))
            if kind == "worksheet" and part in self._names:
                found.setdefault(name, part)
        if not found:
            raise UnreadableFile("no_sheet")
        return found

    def _relations(self, part: str) -> dict[str, tuple[str, str]]:
        """Relation id → (kind, path) of the parts that a part names."""
        folder, _, file = part.rpartition("/")
        handler = RelationHandler()
        list_part = _plain(posixpath.join(folder, "_rels", f"{file}.rels"))
        if list_part in self._names:
            self._read(list_part, handler)
        return {
            key: (kind, _plain(posixpath.normpath(posixpath.join("/", folder, target))))
            for key, (kind, target) in handler.found.items()
        }

    def _dates(self, relations: dict[str, tuple[str, str]]) -> frozenset[str]:
        handler = StylesHandler()
        for kind, part in relations.values():
            if kind == "styles" and part in self._names:
                self._read(part, handler)
        return handler.date_styles()

    def _read_strings(self) -> list[str]:
        handler = StringsHandler()
        if self._strings_part in self._names:
            self._read(self._strings_part, handler)
        return handler.strings

    def _read(self, part: str, handler: Handler) -> None:
        for _ in self._feed(part, handler):
            pass

    def _feed(self, part: str, handler: Handler) -> Iterator[None]:
        """Send a part through its handler, piece by piece."""
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = handler.start
        parser.EndElementHandler = handler.end
        parser.CharacterDataHandler = handler.text
        parser.StartDoctypeDeclHandler = _refuse_doctype
        try:
            for chunk in self._chunks(part):
                parser.Parse(chunk, False)
                yield
            parser.Parse(b"", True)
            yield
        except (expat.ExpatError, ValueError, LookupError, OverflowError) as error:
            raise UnreadableFile("damaged") from error

    def _chunks(self, part: str) -> Iterator[bytes]:
        tags = 0
        try:
            with self._zip.open(self._names[part]) as stream:
                while chunk := stream.read(_CHUNK):
                    self._left -= len(chunk)
                    tags += chunk.count(b"<")
                    if self._left < 0 or tags > self._max_tags:
                        raise _too_big(self._limit)
                    yield chunk
        except (BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError) as error:
            raise UnreadableFile("damaged") from error


def _open_zip(data: bytes, max_inflated_bytes: int) -> ZipFile:
    """The package, if it is small enough when opened and holds nothing that would open by surprise."""
    if data.count(b"PK\x01\x02") > MOST_PARTS:
        raise _too_big(max_inflated_bytes)
    try:
        package = ZipFile(BytesIO(data))
    except (BadZipFile, ValueError, OSError, NotImplementedError, EOFError) as error:
        raise UnreadableFile("damaged") from error
    members = package.infolist()
    if any(member.flag_bits & 1 for member in members):
        raise UnreadableFile("password")
    if any(member.compress_type not in {ZIP_STORED, ZIP_DEFLATED} for member in members):
        raise UnreadableFile("damaged")
    if len(members) > MOST_PARTS or sum(member.file_size for member in members) > max_inflated_bytes:
        raise _too_big(max_inflated_bytes)
    return package


def _too_big(limit: int) -> UnreadableFile:
    return UnreadableFile("too_big", limit_mb=str(limit // (1024 * 1024)))


def _refuse_doctype(*_: object) -> None:
    raise UnreadableFile("damaged")


def _plain(name: str) -> str:
    """A part's path in one form: packages differ in case, slashes and whether they begin with one."""
    return name.replace("\\", "/").lstrip("/").casefold()
