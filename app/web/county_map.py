"""A map of the state's counties in five classes: what the macro of components/chart_map.html draws.

The shapes are written by `npm run map` in assets/ from npm us-atlas.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from app.domain.program.counties import COUNTIES
from app.web.charts import KINDS, Key, Write

_FILE = Path(__file__).parent / "maps" / "nc_counties.json"
UNKNOWN = "none"


@dataclass(frozen=True, slots=True)
class Shapes:
    """Path data by FIPS code, within `width` by `height` units."""

    width: int
    height: int
    paths: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Place:
    """A county: its outline, how it is filled, and what is said of it."""

    path: str
    kind: str
    text: str
    url: str


@dataclass(frozen=True, slots=True)
class CountyMap:
    """`about` says in a sentence what is to be seen."""

    id: str
    title: str
    about: str
    width: int
    height: int
    places: list[Place]
    legend: list[Key]


@cache
def shapes() -> Shapes:
    """The outlines of the 100 counties."""
    return Shapes(**json.loads(_FILE.read_text()))


def county_map(
    name: str, title: str, about: str, shares: Mapping[str, float | None], *, write: Write, missing: str,
    link: Callable[[str], str] | None = None, digits: int = 0,
) -> CountyMap:  # fmt: skip
    """Shares (0 to 1) by FIPS code; None, or a county left out, is `missing`. `link` leads from a code to its page.

    Classes begin and end at what `write` shows: whole per cents, or so many digits after the point.
    """
    drawn = shapes()
    fine = 100 * 10**digits
    known = [round(share * fine) for share in shares.values() if share is not None]
    steps = classes(known)
    places = []
    for code, path in drawn.paths.items():
        share, county = shares.get(code), COUNTIES.by_code(code)
        label = county.label if county else code
        kind = UNKNOWN if share is None else f"c{_spread(_class_of(round(share * fine), steps), len(steps))}"
        places.append(
            Place(path, kind, f"{label}: {missing if share is None else write(share)}", link(code) if link else "")
        )
    legend = [
        Key(
            f"c{_spread(number, len(steps))}",
            write(low / fine) if low == high else f"{write(low / fine)} – {write(high / fine)}",
        )
        for number, (low, high) in enumerate(steps)
    ]
    if len(known) < len(drawn.paths):
        legend.append(Key(UNKNOWN, missing))
    return CountyMap(name, title, about, drawn.width, drawn.height, places, legend)


def classes(known: Sequence[int]) -> list[tuple[int, int]]:
    """Up to five classes with about as many counties each, as (lowest, highest); [] for none known.

    Counties without anybody are a class of their own where others have some.
    """
    some = sorted(value for value in known if value)
    if not some:
        return [(0, 0)] if known else []
    nobody = [(0, 0)] if len(some) < len(known) else []
    most = KINDS - len(nobody)
    begins = sorted({some[part * len(some) // most] for part in range(most)})
    ends = [begin - 1 for begin in begins[1:]] + [some[-1]]
    return nobody + list(zip(begins, ends, strict=True))


def _class_of(share: int, steps: Sequence[tuple[int, int]]) -> int:
    return sum(share >= low for low, _high in steps[1:])


def _spread(number: int, count: int) -> int:
    """Few classes are drawn as far apart as many: the first light, the last dark."""
    return round(number * (KINDS - 1) / max(count - 1, 1))
