"""Lists to choose from: a code that is kept, a label that is read, and other words that mean the same."""

import difflib
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar


class Choosable(Protocol):
    """Anything that a list can offer."""

    @property
    def code(self) -> str:
        """What is kept."""

    @property
    def label(self) -> str:
        """What people read."""

    @property
    def also(self) -> tuple[str, ...]:
        """Other words that mean the same."""


Kind = TypeVar("Kind", bound=Choosable)


@dataclass(frozen=True, slots=True)
class Choice:
    """One entry of a list. `reported` is the code in the federal extract where it differs from `code`.

    `label_es`: the Spanish where the state wrote it; the catalogue has it otherwise.
    """

    code: str
    label: str
    also: tuple[str, ...] = ()
    reported: str = ""
    label_es: str = ""


def fold(text: str) -> str:
    """Text without regard to case, accents, spaces and punctuation; digits and letters of any script stay."""
    decomposed = unicodedata.normalize("NFKD", text).casefold()
    return "".join(letter for letter in decomposed if letter.isalnum())


class Choices(Generic[Kind]):
    """A list in its order, found by code (`by_code`) or by anything a person may type (`find`)."""

    def __init__(self, entries: Iterable[Kind]) -> None:
        self._entries = tuple(entries)
        self._by_code = {entry.code: entry for entry in self._entries}
        self._by_label = {entry.label: entry for entry in self._entries}
        self._by_word: dict[str, Kind] = {}
        for entry in self._entries:
            for word in (entry.code, entry.label, *entry.also):
                if self._by_word.setdefault(fold(word), entry) is not entry:
                    raise ValueError(f"{word} means two entries of one list")

    @property
    def entries(self) -> tuple[Kind, ...]:
        """What is offered, in order."""
        return self._entries

    def by_code(self, code: str) -> Kind | None:
        """The entry that is kept as `code`."""
        return self._by_code.get(code)

    def offers(self, code: str) -> bool:
        """True where the code may be chosen now."""
        return any(entry.code == code for entry in self.entries)

    def find(self, text: str) -> Kind | None:
        """The entry that a person means, by label, code or another word for it, in any case."""
        return self._by_label.get(text) or self._by_word.get(fold(text))

    def nearest(self, text: str) -> Kind | None:
        """The entry whose label a mistyped text resembles; None when none does."""
        near = difflib.get_close_matches(fold(text), self._by_word, n=1, cutoff=0.75)
        return self._by_word[near[0]] if near else None

    @property
    def labels(self) -> tuple[str, ...]:
        """The labels in order."""
        return tuple(entry.label for entry in self.entries)
