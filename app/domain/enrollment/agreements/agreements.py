"""Which texts there are, which one is in force, and how one is made of headings, paragraphs and conditions."""

import hashlib
import re
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

PROVIDER_AGREEMENT = "provider_agreement"
REDISTRIBUTION_AGREEMENT = "redistribution_agreement"
STORAGE_ATTESTATION = "storage_attestation"
DOCUMENTS = (PROVIDER_AGREEMENT, REDISTRIBUTION_AGREEMENT, STORAGE_ATTESTATION)
LANGUAGES = ("en", "es")

_STEMS = {
    PROVIDER_AGREEMENT: "provider",
    REDISTRIBUTION_AGREEMENT: "redistribution",
    STORAGE_ATTESTATION: "storage",
}
_CONDITION = re.compile(r"(\d+)\. (.+)")


class UnknownText(LookupError):
    """There is no such document, or no such version of it in that language."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One piece of a text. `kind` is "heading", "text" or "condition"; a condition has its number."""

    kind: str
    text: str
    number: int = 0


@dataclass(frozen=True)
class Agreement:
    """One document in one version and language. `text` is the file's whole text, with line feeds."""

    document: str
    version: int
    language: str
    text: str

    @cached_property
    def heading(self) -> str:
        """The title."""
        return self._pieces[0].removeprefix("# ")

    @cached_property
    def paragraphs(self) -> tuple[Paragraph, ...]:
        """All that stands below the title, in order."""
        return tuple(_paragraph(piece) for piece in self._pieces[1:])

    @cached_property
    def conditions(self) -> tuple[Paragraph, ...]:
        """The numbered promises."""
        return tuple(part for part in self.paragraphs if part.kind == "condition")

    @cached_property
    def sha256(self) -> str:
        """The digest of the exact text (UTF-8), 64 hexadecimal digits."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    @property
    def _pieces(self) -> list[str]:
        return self.text.strip().split("\n\n")


class Shelf:
    """The texts of one folder, whose files are called such as provider-1.en.txt."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def versions(self, document: str) -> tuple[int, ...]:
        """The numbers of a document's versions that are there in every language, the oldest first."""
        stem = _stem(document)
        found = (re.fullmatch(rf"{stem}-(\d+)\.en", path.stem) for path in self._folder.glob(f"{stem}-*.en.txt"))
        numbers = sorted(int(match[1]) for match in found if match)
        return tuple(number for number in numbers if all(self._path(stem, number, code).exists() for code in LANGUAGES))

    def current(self, document: str, language: str) -> Agreement:
        """The newest version; in English where there is no text in `language`. Raises UnknownText."""
        versions = self.versions(document)
        if not versions:
            raise UnknownText(document)
        return self.read(document, versions[-1], language if language in LANGUAGES else LANGUAGES[0])

    def read(self, document: str, version: int, language: str) -> Agreement:
        """One version in exactly this language, however old. Raises UnknownText."""
        path = self._path(_stem(document), version, language)
        if language not in LANGUAGES or not path.exists():
            raise UnknownText(f"{document} {version} {language}")
        return Agreement(document, version, language, path.read_text(encoding="utf-8"))

    def _path(self, stem: str, version: int, language: str) -> Path:
        return self._folder / f"{stem}-{version}.{language}.txt"


def _stem(document: str) -> str:
    if document not in _STEMS:
        raise UnknownText(document)
    return _STEMS[document]


def _paragraph(piece: str) -> Paragraph:
    if piece.startswith("## "):
        return Paragraph("heading", piece.removeprefix("## "))
    if found := _CONDITION.fullmatch(piece):
        return Paragraph("condition", found[2], int(found[1]))
    return Paragraph("text", piece)


_shelf = Shelf(Path(__file__).parent)


@lru_cache(maxsize=16)
def current(document: str, language: str) -> Agreement:
    """The text that is to be signed now; in English where there is none in `language`. Raises UnknownText."""
    return _shelf.current(document, language)


@lru_cache(maxsize=64)
def read(document: str, version: int, language: str) -> Agreement:
    """A text as it was signed, however old. Raises UnknownText."""
    return _shelf.read(document, version, language)


def text_of(document: str, version: int, language: str) -> str:
    """The exact text of a version, as its sha256 was taken. Raises UnknownText."""
    return read(document, version, language).text
