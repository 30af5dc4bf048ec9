"""Somebody who sees everything that is published and can do arithmetic: linear programs in exact fractions.

Kept small on purpose: the textbook simplex method with Bland's rule, which always ends.
"""

from fractions import Fraction

ZERO, ONE = Fraction(0), Fraction(1)


class Impossible(Exception):
    """Nothing fits what is known."""


class Attacker:
    """Unknown numbers, none below nothing, and what is known of them."""

    def __init__(self):
        self._places = {}
        self._equal = []
        self._slacks = 0
        self._started = None

    def knows(self, terms, total, kind="=="):
        """`terms` maps unknowns to factors; their sum is, is at most (<=) or is at least (>=) the total."""
        row = {self._place(name): Fraction(factor) for name, factor in terms.items() if factor}
        if kind != "==":
            self._slacks += 1
            row[self._place(("slack", self._slacks))] = ONE if kind == "<=" else -ONE
        self._equal.append((row, Fraction(total)))
        self._started = None

    def bounds(self, name):
        """The least and the greatest number that the unknown could be."""
        return -self._best({name: -1}), self._best({name: 1})

    def _place(self, name):
        return self._places.setdefault(name, len(self._places))

    def _best(self, aim):
        tableau, basis, width = self._start()
        tableau, basis = [row[:] for row in tableau], basis[:]
        goal = [ZERO] * (width + 1)
        for name, factor in aim.items():
            goal[self._places[name]] = Fraction(factor)
        for row, column in zip(tableau, basis, strict=True):
            if goal[column]:
                goal = [a - goal[column] * b for a, b in zip(goal, row, strict=True)]
        _improve(tableau, basis, goal, width)
        return -goal[-1]

    def _start(self):
        """Some solution, found by driving out one artificial number for each thing known; used for every question."""
        if self._started is None:
            width, rows = len(self._places), []
            for known, total in self._equal:
                row = [known.get(column, ZERO) for column in range(width)]
                rows.append(([-a for a in row], -total) if total < 0 else (row, total))
            count = len(rows)
            tableau = [
                row + [ONE if other == number else ZERO for other in range(count)] + [total]
                for number, (row, total) in enumerate(rows)
            ]
            basis = [width + number for number in range(count)]
            goal = [sum(column, ZERO) for column in zip(*tableau, strict=True)]
            goal[width:-1] = [ZERO] * count
            _improve(tableau, basis, goal, width)
            if goal[-1]:
                raise Impossible
            for number, column in enumerate(basis):
                if column >= width:
                    entering = next((one for one in range(width) if tableau[number][one]), None)
                    if entering is not None:
                        _pivot(tableau, basis, goal, number, entering)
            kept = [number for number, column in enumerate(basis) if column < width]
            self._started = (
                [tableau[number][:width] + tableau[number][-1:] for number in kept],
                [basis[number] for number in kept],
                width,
            )
        return self._started


def _improve(tableau, basis, goal, width):
    """Pivot until nothing makes the goal greater. Whoever asks knows that it is bounded."""
    while (entering := next((column for column in range(width) if goal[column] > 0), None)) is not None:
        ratios = [
            (row[-1] / row[entering], basis[number], number) for number, row in enumerate(tableau) if row[entering] > 0
        ]
        _pivot(tableau, basis, goal, min(ratios)[2], entering)


def _pivot(tableau, basis, goal, leaving, entering):
    factor = tableau[leaving][entering]
    pivot = tableau[leaving] = [a / factor for a in tableau[leaving]]
    for number, row in enumerate(tableau):
        if number != leaving and row[entering]:
            by = row[entering]
            tableau[number] = [a - by * b if b else a for a, b in zip(row, pivot, strict=True)]
    by = goal[entering]
    goal[:] = [a - by * b if b else a for a, b in zip(goal, pivot, strict=True)]
    basis[leaving] = entering
