"""Charts as numbers and places: what the macros of components/chart.html draw. Nothing here knows what is counted.

Lengths across are per cent of the width and heights are pixels, so that letters keep their size on a phone and on paper.
A value of None is a gap: not known, or not shown. What a chart shows stands in a table as well.
"""

import itertools
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

KINDS = 5
SERIES = tuple(f"s{number}" for number in range(KINDS))
"""Ways to fill that differ in kind; c0 to c4 are those from light to dark. Each has its colour and its lines."""
GROWING = ("c1", "s0")
"""For a share that is part of another: the lesser is the darker."""
BAR, LETTERS, BETWEEN = 14, 22, 12
_LONGEST_BAR = 80.0
_LABEL = 42
PLOT_WIDTH, PLOT_HEIGHT = 1000, 200

Write = Callable[[float], str]


@dataclass(frozen=True, slots=True)
class Key:
    """One entry of a legend."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a bar: where it begins and how long it is, in per cent of the width; `top` in pixels."""

    kind: str
    start: float
    length: float
    top: int


@dataclass(frozen=True, slots=True)
class Said:
    """Letters at a height in pixels."""

    text: str
    top: int


@dataclass(frozen=True, slots=True)
class Bars:
    """Horizontal bars, one above the other. `about` says in a sentence what is to be seen."""

    id: str
    title: str
    about: str
    height: int
    labels: list[Said]
    values: list[Said]
    parts: list[Part]
    legend: list[Key]


@dataclass(frozen=True, slots=True)
class Amount:
    """What one bar stands for: a value for each series, in their order, and its words where it has none."""

    label: str
    values: Sequence[float | None]
    missing: str = "–"


@dataclass(frozen=True, slots=True)
class Tick:
    """A mark of an axis: its place in per cent, its words, and how they stand to it."""

    place: float
    text: str
    anchor: str = "start"


@dataclass(frozen=True, slots=True)
class Line:
    """One series as the data of an SVG path within PLOT_WIDTH by PLOT_HEIGHT."""

    kind: str
    path: str


@dataclass(frozen=True, slots=True)
class Lines:
    """Series over time. `area` is the filled ground of a single one."""

    id: str
    title: str
    about: str
    lines: list[Line]
    area: str
    across: list[Tick]
    upwards: list[Tick]
    legend: list[Key]


def bars(
    name: str, title: str, about: str, amounts: Sequence[Amount], series: Sequence[str], *, write: Write,
    stacked: bool = False, most: float | None = None, kinds: Sequence[str] = SERIES,
) -> Bars:  # fmt: skip
    """Bars that share one scale from 0 to `most`, or to the longest. Stacked ones stand end to end."""
    totals = [sum(value or 0 for value in one.values) for one in amounts]
    singles = [value for one in amounts for value in one.values if value is not None]
    longest = most or max([0.0, *(totals if stacked else singles)]) or 1.0
    drawn = _Drawn(longest, kinds)
    for one, total in zip(amounts, totals, strict=True):
        drawn.label(one.label)
        if all(value is None for value in one.values):
            drawn.line([], one.missing)
        elif stacked:
            drawn.line([(place, value or 0) for place, value in enumerate(one.values)], write(total))
        else:
            for place, value in enumerate(one.values):
                drawn.line([(place, value or 0)], one.missing if value is None else write(value))
        drawn.top += BETWEEN
    legend = [Key(kinds[place % len(kinds)], text) for place, text in enumerate(series)] if len(series) > 1 else []
    return Bars(name, title, about, max(drawn.top - BETWEEN + 4, BAR), drawn.labels, drawn.values, drawn.parts, legend)


class _Drawn:
    """What stands where, from the top down."""

    def __init__(self, longest: float, kinds: Sequence[str]) -> None:
        self.longest, self.kinds, self.top = longest, kinds, 0
        self.labels: list[Said] = []
        self.values: list[Said] = []
        self.parts: list[Part] = []

    def label(self, text: str) -> None:
        """Letters above the next bar."""
        self.labels.append(Said(shortened(text), self.top + 15))
        self.top += LETTERS

    def line(self, stretches: Sequence[tuple[int, float]], text: str) -> None:
        """One bar of stretches (place of the series, value), and the words at its end."""
        start = 0.0
        for place, value in stretches:
            length = min(value / self.longest, 1.0) * _LONGEST_BAR
            self.parts.append(Part(self.kinds[place % len(self.kinds)], round(start, 2), round(length, 2), self.top))
            start += length
        self.values.append(Said(text, self.top + 12))
        self.top += BAR + 3


def lines(
    name: str, title: str, about: str, moments: Sequence[str], series: Sequence[tuple[str, Sequence[float | None]]], *,
    write: Write,
) -> Lines:  # fmt: skip
    """Values at even distances, from 0 up; `moments` are the words under them, of which three are shown."""
    known = [value for _text, values in series for value in values if value is not None]
    marks = scale(max([0.0, *known]))
    highest = marks[-1]
    drawn = [Line(SERIES[place % KINDS], _path(values, highest)) for place, (_text, values) in enumerate(series)]
    return Lines(
        name, title, about, drawn,
        area=_ground(series[0][1], highest) if len(series) == 1 else "",
        across=_three(moments),
        upwards=[Tick(round(PLOT_HEIGHT * (1 - mark / highest), 1), write(mark)) for mark in marks],
        legend=[Key(SERIES[place % KINDS], text) for place, (text, _values) in enumerate(series)] if len(series) > 1 else [],
    )  # fmt: skip


def scale(most: float, steps: int = 4) -> list[float]:
    """Round numbers from 0 up to the first that is not below `most`; counts, so no step is below 1."""
    rough = max(most, 1) / steps
    power = 10.0 ** math.floor(math.log10(rough))
    step = max(1.0, next(times * power for times in (1, 2, 2.5, 5, 10) if times * power >= rough))
    return [step * count for count in range(math.ceil(max(most, 1) / step) + 1)]


def shortened(text: str) -> str:
    """A label as long as a phone is wide; the table has all of it."""
    return text if len(text) <= _LABEL else text[: _LABEL - 1].rstrip() + "…"


def _points(values: Sequence[float | None], highest: float) -> list[tuple[int, int] | None]:
    width = PLOT_WIDTH / max(len(values) - 1, 1)
    return [
        None if value is None else (round(place * width), round(PLOT_HEIGHT * (1 - value / highest)))
        for place, value in enumerate(values)
    ]


def _path(values: Sequence[float | None], highest: float) -> str:
    """Steps from point to point; the pen is lifted over gaps, and a lonely point is a dot."""
    drawn, before = "", None
    for point in _points(values, highest):
        if point is not None:
            drawn += f"M{point[0]} {point[1]}h0" if before is None else _step(before, point)
        before = point
    return drawn


def _ground(values: Sequence[float | None], highest: float) -> str:
    """The area below a line without gaps; none below one with gaps."""
    points = [point for point in _points(values, highest) if point is not None]
    if len(points) != len(values) or len(points) < 2:
        return ""
    steps = "".join(_step(before, point) for before, point in itertools.pairwise(points))
    return f"M0 {PLOT_HEIGHT}V{points[0][1]}{steps}V{PLOT_HEIGHT}z"


def _step(before: tuple[int, int], point: tuple[int, int]) -> str:
    return f"l{point[0] - before[0]} {point[1] - before[1]}"


def _three(moments: Sequence[str]) -> list[Tick]:
    """The first, the middle and the last; fewer where there are fewer."""
    if len(moments) < 3:
        return [Tick(100.0 * place, text, "end" if place else "start") for place, text in enumerate(moments)]
    middle = (len(moments) - 1) // 2
    return [
        Tick(0, moments[0]),
        Tick(round(100 * middle / (len(moments) - 1), 1), moments[middle], "middle"),
        Tick(100, moments[-1], "end"),
    ]
