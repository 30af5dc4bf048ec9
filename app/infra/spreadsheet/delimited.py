"""A CSV file as lines of values: comma, semicolon or tab; UTF-8, UTF-16 or Windows letters."""

import csv
import io
from collections.abc import Iterator

from app.infra.spreadsheet.cells import LONGEST_TEXT, Value
from app.infra.spreadsheet.refusals import UnreadableFile

DELIMITERS = ",;\t"
WIDEST = 100


class Delimited:
    """A text file in which each record is one row of Excel."""

    def __init__(self, data: bytes) -> None:
        """Decode it. Raises UnreadableFile."""
        text = decode(data)
        self.delimiter = ""
        if text[:4].lower() == "sep=":  # names the delimiter; Excel hides this line
            self.delimiter = text[4:5]
            text = text.partition("\n")[2]
        self._text = text

    def lines(self, delimiter: str) -> Iterator[tuple[int, dict[int, Value]]]:
        """The records with a value: (row number in Excel, {column number: value}). Raises UnreadableFile."""
        reader = csv.reader(io.StringIO(self._text, newline=""), delimiter=delimiter, strict=True)
        try:
            for number, record in enumerate(reader, start=1):
                line: dict[int, Value] = {
                    column: text[: LONGEST_TEXT + 1] for column, text in enumerate(record[:WIDEST], start=1) if text
                }
                if line:
                    yield number, line
        except csv.Error as error:
            raise UnreadableFile("quotes", line=f"{reader.line_num:,}") from error


def decode(data: bytes) -> str:
    """The text of a file. Raises UnreadableFile when it is in no encoding that spreadsheet programs write."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings: tuple[str, ...] = ("utf-16",)
    else:
        encodings = ("utf-8-sig", "cp1252")
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise UnreadableFile("encoding")
