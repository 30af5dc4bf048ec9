"""Figures of small groups are hidden so that nobody can work them out from what is shown.

The rule is the state's: a sub-group of a county in whose population there are fewer than 500 people is not shown. Three
things would undo it, and each is answered here:

- *Subtraction.* Rows add up to the county's own figure and columns to the state's, so a hidden number that stands alone
  is no secret. More cells are hidden until the hidden ones of a row, or of a column, have 500 people or more between
  them, and until no small cell is fixed by the sums: that is when its edge lies on a circle in the graph that joins the
  row and the column of every hidden cell.
- *Yesterday's figures, the other measure.* Which cells are hidden follows from the populations alone, never from
  the counts: it is the same on every day and for every measure, and differences obey the same sums. Where populations are
  replaced, what was hidden stays hidden (`kept`).
- *Sums that leave no choice* (nobody in a group of hidden cells, or everybody). A small cell must be able to be so many
  people more or fewer with all that is shown unchanged. Where there is no such circle of hidden cells, the whole county
  is withheld, and other small counties with it if need be, until there is.

No secret is what a county's own figure says alone (nobody there is vaccinated, so nobody of any group is), nor where
the few of a group are of whom there are fewer than three in the whole state.
"""

import sys
from collections import defaultdict
from collections.abc import Iterable, Mapping

from app.domain.reporting.tables import STATE

Cell = tuple[str, str]
"""County and group."""
Counts = Mapping[Cell, tuple[int, int]]
"""With a dose, and complete, by cell."""

LEAST_PEOPLE = 500
WIDTH, NARROW_WIDTH, NARROW_BELOW = 3, 1, 10
"""By how many people a small group may be other than it is; a group of fewer than ten people: by one."""

Lines = dict[tuple[int, str], list[Cell]]
"""The cells of each county (0) and of each group (1), without the state's."""
Graph = dict[tuple[str, str], set[tuple[str, str]]]


def hidden_cells(
    populations: Mapping[Cell, int], *, least: int = LEAST_PEOPLE, kept: frozenset[Cell] = frozenset()
) -> frozenset[Cell]:
    """The cells to hide, by their populations (those of the state's row among them); `kept` were hidden before."""
    small = frozenset(cell for cell, people in populations.items() if people < least)
    hidden = set(small | (kept & populations.keys() if small else frozenset()))
    lines: Lines = defaultdict(list)
    for county, group in populations:
        if county != STATE:
            lines[(0, county)].append((county, group))
            lines[(1, group)].append((county, group))
    judged = sorted(cell for cell in small if cell[0] != STATE)
    while (more := _one_more(populations, lines, judged, hidden, least)) is not None:
        hidden.add(more)
    return frozenset(hidden | _beside_small_ones_of_state(populations, small))


def withheld(
    counts: Counts, populations: Mapping[Cell, int], hidden: frozenset[Cell], *, least: int = LEAST_PEOPLE
) -> tuple[frozenset[str], frozenset[str]]:
    """The counties whose cells are all to be hidden besides: for people with a dose, and for those who are complete."""
    found = _Withheld(counts, populations, hidden, least)
    for measure in (0, 1):
        while exposed := found.exposed(measure):
            found.withhold_for(exposed, measure)
    return frozenset(found.rows[0]), frozenset(found.rows[1])


def fixed_by_sums(hidden: frozenset[Cell]) -> frozenset[Cell]:
    """Those of the hidden cells whose number follows from what is shown: the bridges of the graph of hidden cells."""
    return hidden - _on_circles(hidden)


def _one_more(
    populations: Mapping[Cell, int], lines: Lines, small: list[Cell], hidden: set[Cell], least: int
) -> Cell | None:
    """The next cell to hide; None when the small ones cannot be worked out, or everything is hidden.

    First no line may have one hidden cell alone; only then it is seen what is still fixed, or has too few people.
    """
    solid = _on_circles(cell for cell in hidden if cell[0] != STATE)
    for cells, wanted in ((sorted(hidden), _is_alone), (small, _is_fixed), (small, _has_few)):
        for cell in cells:
            for axis in (0, 1) if cell[0] != STATE else ():
                line = lines[(axis, cell[axis])]
                free = [one for one in line if one not in hidden]
                if free and wanted(cell, line, hidden, solid, populations, least):
                    return min(free, key=lambda one: _cost(one, lines[(1 - axis, one[1 - axis])], hidden, populations))
    return None


def _is_alone(_cell: Cell, line: list[Cell], hidden: set[Cell], *_more: object) -> bool:
    return sum(one in hidden for one in line) == 1


def _is_fixed(cell: Cell, _line: list[Cell], _hidden: set[Cell], solid: set[Cell], *_more: object) -> bool:
    return cell not in solid


def _has_few(
    _cell: Cell, line: list[Cell], _hidden: set[Cell], solid: set[Cell], populations: Mapping[Cell, int], least: int
) -> bool:
    return sum(populations[one] for one in line if one in solid) < least


def _cost(cell: Cell, across: list[Cell], hidden: set[Cell], populations: Mapping[Cell, int]) -> tuple[bool, int, Cell]:
    """Best where its other line has hidden cells already, then where few people are concerned."""
    return all(one not in hidden for one in across), populations[cell], cell


def _beside_small_ones_of_state(populations: Mapping[Cell, int], small: frozenset[Cell]) -> set[Cell]:
    """Where a group is small in the whole state, the next smallest one is hidden in the state's row, too."""
    row = sorted((people, cell) for cell, people in populations.items() if cell[0] == STATE)
    few = [cell for _, cell in row if cell in small]
    return {cell for _, cell in row[: len(few) + 1]} if few else set()


def _graph(cells: Iterable[Cell]) -> Graph:
    graph: Graph = defaultdict(set)
    for county, group in cells:
        graph[("row", county)].add(("column", group))
        graph[("column", group)].add(("row", county))
    return graph


def _on_circles(cells: Iterable[Cell]) -> set[Cell]:
    """The cells that are no bridges of their graph (Tarjan's search, without recursion)."""
    chosen = set(cells)
    graph, bridges = _graph(chosen), set()
    seen: dict[tuple[str, str], int] = {}
    low: dict[tuple[str, str], int] = {}
    for root in graph:
        if root in seen:
            continue
        seen[root] = low[root] = len(seen)
        stack = [(root, root, iter(graph[root]))]
        while stack:
            node, parent, others = stack[-1]
            for other in others:
                if other == parent:
                    continue
                if other in seen:
                    low[node] = min(low[node], seen[other])
                    continue
                seen[other] = low[other] = len(seen)
                stack.append((other, node, iter(graph[other])))
                break
            else:
                stack.pop()
                if node != parent:
                    low[parent] = min(low[parent], low[node])
                    if low[node] > seen[parent]:
                        bridges.add(_cell_of(node, parent))
    return chosen - bridges


def _cell_of(one: tuple[str, str], other: tuple[str, str]) -> Cell:
    return (one[1], other[1]) if one[0] == "row" else (other[1], one[1])


class _Withheld:
    """Which counties are withheld, for each of the two measures, and what somebody who sees the rest could do."""

    def __init__(self, counts: Counts, populations: Mapping[Cell, int], hidden: frozenset[Cell], least: int) -> None:
        self._counts, self._populations = counts, populations
        self._hidden = {cell for cell in hidden if cell[0] != STATE}
        self._groups = sorted({group for _, group in counts})
        living: dict[str, int] = dict.fromkeys((county for county, _ in counts if county != STATE), 0)
        for (county, _), people in populations.items():
            if county in living:
                living[county] += people
        self._counties = sorted(living, key=lambda county: (living[county], county))
        small = sorted(cell for cell in self._hidden if populations.get(cell, 0) < least)
        self._watched = [small, small]
        self._totals: dict[tuple[int, str], list[int]] = defaultdict(lambda: [0, 0])
        for cell, values in counts.items():
            for axis in (0, 1) if cell[0] != STATE else ():
                for measure in (0, 1):
                    self._totals[(axis, cell[axis])][measure] += values[measure]
        self.rows: tuple[set[str], set[str]] = (set(), set())
        self._unknown: tuple[set[Cell], set[Cell]] = (set(), set())
        self._ways: dict[tuple[int, bool, int], Graph] = {
            (measure, together, width): defaultdict(set)
            for measure in (0, 1) for together in (False, True) for width in (NARROW_WIDTH, WIDTH)
        }  # fmt: skip
        for measure in (0, 1):
            for cell in sorted(self._hidden):
                self._open(cell, measure)

    def exposed(self, measure: int) -> list[Cell]:
        """Small cells of which too much could be worked out."""
        if len(self.rows[measure]) == len(self._counties):
            return []
        self._watched[measure] = [
            cell
            for cell in self._watched[measure]
            if not (self._told_by_total(cell, measure) or self._may_differ(cell, measure))
        ]
        return self._watched[measure]

    def withhold_for(self, cells: list[Cell], measure: int) -> None:
        """Withhold the counties of the cells, or where they are already, the next county: the smallest first."""
        rows = self.rows[measure]
        new = {county for county, _ in cells} - rows or {next(one for one in self._counties if one not in rows)}
        rows |= new
        for county in new:
            for group in self._groups:
                self._open((county, group), measure)

    def _open(self, cell: Cell, measure: int) -> None:
        """The cell is unknown from now on: ways lead over it, where it can have so many more, or so many fewer."""
        self._unknown[measure].add(cell)
        row, column = ("row", cell[0]), ("column", cell[1])
        both = cell in self._unknown[1 - measure]
        for (of, together, width), ways in self._ways.items():
            if (together and both) or (not together and of == measure):
                if self._room(cell, of, together, up=False) >= width:
                    ways[row].add(column)
                if self._room(cell, of, together, up=True) >= width:
                    ways[column].add(row)

    def _told_by_total(self, cell: Cell, measure: int) -> bool:
        """The figure of the county alone leaves no choice, and nothing but that is shown; or there are few in the state."""
        county, group = cell
        few_here = self._totals[(0, county)][measure] < WIDTH and county in self.rows[measure]
        return few_here or self._totals[(1, group)][measure] < WIDTH

    def _may_differ(self, cell: Cell, measure: int) -> bool:
        """Some circle of unknown cells allows the small one another number, of this measure or of both together."""
        people = self._populations.get(cell, 0)
        width = NARROW_WIDTH if people < NARROW_BELOW else WIDTH
        return any(
            self._circle(cell, measure, together, up, width) for together in (False, True) for up in (True, False)
        )

    def _circle(self, cell: Cell, measure: int, together: bool, up: bool, width: int) -> bool:
        """A circle through the cell on which every second cell can have `width` more and every other as many fewer."""
        if self._room(cell, measure, together, up) < width:
            return False
        first, last = ("row", cell[0]), ("column", cell[1])
        if not up:
            first, last = last, first
        ways = self._ways[(measure, together, width)]
        reached, ahead = {first}, [first]
        while ahead:
            node = ahead.pop()
            new = ways[node] - reached
            if node == first:
                new.discard(last)
            if last in new:
                return True
            reached |= new
            ahead.extend(new)
        return False

    def _room(self, cell: Cell, measure: int, together: bool, up: bool) -> int:
        """By how many the cell could be more (or fewer) and still be believed: no more people than live there, nobody
        complete without a dose."""
        some, complete = self._counts[cell]
        if together:
            return self._ceiling(cell) - some if up else complete
        if measure == 0:
            return self._ceiling(cell) - some if up else some - complete
        return some - complete if up else complete

    def _ceiling(self, cell: Cell) -> int:
        """Nobody knows how many people live there who do not say."""
        return self._populations.get(cell, sys.maxsize)
