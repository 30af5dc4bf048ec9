"""How many people live in each county, by group: what coverage is measured by, and what decides which groups are hidden.

The state brings in a table as a workbook or CSV file; until then a marked sample holds. What is hidden is decided
when a table comes in, and kept with it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from app.domain.accounts.access import Actor, Permission
from app.domain.errors import Refusal
from app.domain.program.counties import COUNTIES
from app.domain.reporting.groups import DIMENSIONS
from app.domain.reporting.models import Population, PopulationSet
from app.domain.reporting.once import forget, once
from app.domain.reporting.sample_populations import SOURCE, groups_with_people, sample_numbers
from app.domain.reporting.suppression import Cell, hidden_cells
from app.domain.reporting.tables import STATE
from app.infra import audit
from app.infra.db import new_id, one_at_a_time

Numbers = Mapping[tuple[str, str, str], int]
"""People by county, dimension and group; ("all", "all") for everybody of the county. The state is not among it."""
TOLERANCE = 0.02
LONGEST_SOURCE = 200


@dataclass(frozen=True, slots=True)
class Populations:
    """A table of populations with what it hides. `source` says whose it is, `loaded_at` None: the sample."""

    numbers: Numbers
    hidden: frozenset[tuple[str, str, str]]
    source: str
    loaded_at: datetime | None = None

    @property
    def is_sample(self) -> bool:
        """Nobody brought in any."""
        return self.loaded_at is None

    def people(self, county: str, dimension: str, group: str) -> int | None:
        """How many live there; None where nobody counted them."""
        return self.numbers.get((county, dimension, group))

    def of(self, dimension: str) -> dict[Cell, int]:
        """People by county (and the state) and group."""
        return {(where, group): people for (where, of, group), people in self.numbers.items() if of == dimension}

    def hidden_of(self, dimension: str) -> frozenset[Cell]:
        """The cells that the public never sees."""
        return frozenset((where, group) for where, of, group in self.hidden if of == dimension)


@dataclass(frozen=True, slots=True)
class ReplacePopulations:
    """A whole table. `never_published`: nobody outside saw figures yet, so what was hidden before need not stay so."""

    numbers: Numbers
    source: str
    never_published: bool = False


class PopulationsIncomplete(Refusal):
    """The table cannot be used: `missing` are keys without a number, `sums` those whose groups are not the total."""

    def __init__(self, missing: list[tuple[str, str, str]], sums: list[tuple[str, str]], *, source: bool) -> None:
        super().__init__(len(missing), len(sums), source)
        self.missing, self.sums, self.lacks_source = missing, sums, source


def read_populations(session: Session) -> Populations:
    """The populations that hold: the latest that were brought in, or the sample."""
    return once(session, "populations", lambda: _read(session))


def _read(session: Session) -> Populations:
    latest = session.scalar(select(PopulationSet).order_by(PopulationSet.id.desc()).limit(1))
    if latest is None:
        return _sample()
    rows = session.execute(
        select(
            Population.county_fips, Population.dimension, Population.group_code, Population.people, Population.hidden
        ).where(Population.set_id == latest.id)
    ).all()
    numbers = {(county, dimension, group): people for county, dimension, group, people, _ in rows}
    hidden = frozenset((county, dimension, group) for county, dimension, group, _, hides in rows if hides)
    return Populations(numbers, hidden, latest.source, latest.loaded_at)


def replace_populations(session: Session, actor: Actor, command: ReplacePopulations, *, now: datetime) -> Populations:
    """Have another table hold from now on. Raises PopulationsIncomplete, NotAllowed."""
    actor.require(Permission.CHANGE_SETTINGS, at=None)
    _check(command)
    one_at_a_time(session, "populations")
    numbers = _with_state(command.numbers)
    kept = frozenset() if command.never_published else read_populations(session).hidden
    hidden = _hidden(numbers, kept)
    made = PopulationSet(source=command.source.strip(), loaded_at=now, loaded_by_id=actor.id)
    session.add(made)
    session.flush()
    session.execute(
        insert(Population),
        [
            {
                "id": new_id(), "set_id": made.id, "county_fips": county, "dimension": dimension, "group_code": group,
                "people": people, "hidden": (county, dimension, group) in hidden,
            }
            for (county, dimension, group), people in numbers.items()
        ],
    )  # fmt: skip
    forget(session)
    audit.record(
        session, actor_kind=actor.kind, actor_id=actor.id, act="populations.replaced", subject_kind="population_set",
        subject_id=made.id, now=now, source=made.source,
    )  # fmt: skip
    return Populations(numbers, hidden, made.source, now)


def expected_keys() -> Iterator[tuple[str, str, str]]:
    """Every number that a table must have."""
    for county in COUNTIES.entries:
        yield (county.fips, "all", "all")
        for dimension in DIMENSIONS:
            for group in groups_with_people(dimension):
                yield (county.fips, dimension, group)


def _check(command: ReplacePopulations) -> None:
    numbers = command.numbers
    missing = [key for key in expected_keys() if numbers.get(key, -1) < 0]
    sums = [
        (county.fips, dimension)
        for county in COUNTIES.entries if not missing
        for dimension in DIMENSIONS
        if not _adds_up(numbers, county.fips, dimension)
    ]  # fmt: skip
    source = 0 < len(command.source.strip()) <= LONGEST_SOURCE
    if missing or sums or not source:
        raise PopulationsIncomplete(missing, sums, source=not source)


def _adds_up(numbers: Numbers, county: str, dimension: str) -> bool:
    """The groups are the county, but for rounding."""
    total = numbers[(county, "all", "all")]
    groups = sum(numbers[(county, dimension, group)] for group in groups_with_people(dimension))
    return abs(groups - total) <= max(total * TOLERANCE, 10)


def _with_state(numbers: Numbers) -> dict[tuple[str, str, str], int]:
    """With the sums over the counties; keys that nobody expects are left out."""
    found = {key: numbers[key] for key in expected_keys()}
    for (_, dimension, group), people in list(found.items()):
        found[(STATE, dimension, group)] = found.get((STATE, dimension, group), 0) + people
    return found


def _hidden(numbers: Numbers, kept: frozenset[tuple[str, str, str]] = frozenset()) -> frozenset[tuple[str, str, str]]:
    hidden = set()
    for dimension in DIMENSIONS:
        cells = {(where, group): people for (where, of, group), people in numbers.items() if of == dimension}
        before = frozenset((where, group) for where, of, group in kept if of == dimension)
        hidden |= {(where, dimension, group) for where, group in hidden_cells(cells, kept=before)}
    return frozenset(hidden)


@lru_cache(maxsize=1)
def _sample() -> Populations:
    numbers = _with_state(sample_numbers())
    return Populations(numbers, _hidden(numbers), SOURCE)
