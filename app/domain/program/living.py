"""Lists that the state decides about: what the program came with, and every decision since, as of the day.

Whoever works (a request, a job) says once which decisions hold, with `lists_in_force`; they are read when the first
list is asked for. Without that a list is as the program came. Why this is not an argument of every rule:
docs/decisions/0020-living-lists.md.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from typing import Any, Generic, Protocol, TypeVar

from app.domain.program.lookup import Choices

STEP = 10.0
"""Between the places of two entries as the program came."""


class Entry(Protocol):
    """An entry whose words the state may change; a dataclass."""

    @property
    def code(self) -> str: ...
    @property
    def label(self) -> str: ...
    @property
    def also(self) -> tuple[str, ...]: ...
    @property
    def label_es(self) -> str: ...


class Decided(Protocol):
    """A decision about one entry, complete: what holds of it from its day on."""

    @property
    def list_name(self) -> str: ...
    @property
    def code(self) -> str: ...
    @property
    def label(self) -> str: ...
    @property
    def label_es(self) -> str: ...
    @property
    def position(self) -> float: ...
    @property
    def offered(self) -> bool: ...
    @property
    def facts(self) -> dict[str, Any]: ...


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision without its row."""

    list_name: str
    code: str
    label: str
    label_es: str
    position: float
    offered: bool
    facts: dict[str, Any]


Kind = TypeVar("Kind", bound=Entry)


@dataclass(frozen=True, slots=True)
class Standing(Generic[Kind]):
    """A list as it stands: what is offered, and all that was ever offered, which stays readable. `positions` by code."""

    offered: Choices[Kind]
    known: Choices[Kind]
    positions: dict[str, float]


class InForce:
    """The decisions that hold, read from `load` (oldest first) when they are needed."""

    def __init__(self, load: Callable[[], Iterable[Decided]]) -> None:
        self._load = load
        self._decided: dict[str, list[Decided]] | None = None
        self._standing: dict[str, Standing[Any]] = {}

    def standing(self, living: "Living[Kind]") -> Standing[Kind]:
        """The list as these decisions make it."""
        if living.name not in self._standing:
            self._standing[living.name] = living.decided_by(self._of(living.name))
        return self._standing[living.name]

    def _of(self, name: str) -> list[Decided]:
        if self._decided is None:
            self._decided = {}
            for one in self._load():
                self._decided.setdefault(one.list_name, []).append(one)
        return self._decided.get(name, [])


_in_force: ContextVar[InForce | None] = ContextVar("lists in force", default=None)


@contextmanager
def lists_in_force(load: Callable[[], Iterable[Decided]]) -> Iterator[None]:
    """While it lasts, lists are as these decisions make them."""
    token = _in_force.set(InForce(load))
    try:
        yield
    finally:
        _in_force.reset(token)


class Living(Choices[Kind]):
    """A list with a name. `entries`, `labels`, `find` and `nearest` know what is offered; `by_code` also what was."""

    def __init__(self, name: str, first: Iterable[Kind]) -> None:
        self.name = name
        self.first: tuple[Kind, ...] = tuple(first)
        self._as_installed = self.decided_by(())

    def decided_by(self, decisions: Iterable[Decided]) -> Standing[Kind]:
        """The list that these decisions (oldest first) make of what the program came with."""
        entries: dict[str, Kind] = {entry.code: entry for entry in self.first}
        positions = {entry.code: STEP * place for place, entry in enumerate(self.first, start=1)}
        gone: set[str] = set()
        for one in decisions:
            entries[one.code] = self._entry(entries.get(one.code), one)
            positions[one.code] = one.position
            (gone.discard if one.offered else gone.add)(one.code)
        ordered = sorted(entries.values(), key=lambda entry: (positions[entry.code], entry.code))
        return Standing(Choices(entry for entry in ordered if entry.code not in gone), Choices(ordered), positions)

    def _entry(self, known: Kind | None, one: Decided) -> Kind:
        """An entry as decided; earlier words for it go on being understood."""
        words = {"label": one.label, "label_es": one.label_es, **one.facts}
        if known is None:
            return replace(self.first[0], code=one.code, also=(), **words)  # type: ignore[type-var]
        also = tuple(dict.fromkeys((*known.also, *([known.label] if known.label != one.label else []))))
        return replace(known, also=also, **words)  # type: ignore[type-var]

    def _now(self) -> Standing[Kind]:
        ambient = _in_force.get()
        return self._as_installed if ambient is None else ambient.standing(self)

    @property
    def entries(self) -> tuple[Kind, ...]:
        """What is offered, in order."""
        return self._now().offered.entries

    @property
    def labels(self) -> tuple[str, ...]:
        """The labels of what is offered, in order."""
        return self._now().offered.labels

    @property
    def labels_of_the_day(self) -> Sequence[str]:
        """The same, looked up each time: for whoever is written down once and used on many days."""
        return _Labels(self)

    def by_code(self, code: str) -> Kind | None:
        """The entry that is kept as `code`, offered still or not."""
        return self._now().known.by_code(code)

    def find(self, text: str) -> Kind | None:
        """The offered entry that a person means."""
        return self._now().offered.find(text)

    def nearest(self, text: str) -> Kind | None:
        """The offered entry whose label a mistyped text resembles."""
        return self._now().offered.nearest(text)


class _Labels(Sequence[str]):
    def __init__(self, living: Living[Any]) -> None:
        self._living = living

    def __len__(self) -> int:
        return len(self._living.labels)

    def __getitem__(self, place: Any) -> Any:
        return self._living.labels[place]
