"""Small groups cannot be worked out from what is published, however cleverly somebody subtracts."""

import random

import pytest

from app.domain.reporting.suppression import STATE, WIDTH, fixed_by_sums, hidden_cells, withheld
from tests.domain.reporting.attacker import Attacker

pytestmark = pytest.mark.once
COUNTIES, GROUPS = ("c1", "c2", "c3", "c4"), ("g1", "g2", "g3", "g4")
SOME, COMPLETE = 0, 1


class Place:
    """A small state by chance: who lives there, and how many are vaccinated from one day to the next."""

    def __init__(self, seed):
        self.chance = random.Random(seed)
        sizes = {group: self.chance.choice((0.004, 0.02, 0.1, 0.5)) for group in GROUPS}
        self.people = {
            (county, group): int(size * share * self.chance.uniform(0.5, 1.5))
            for county in COUNTIES
            for size in (self.chance.choice((4_000, 20_000, 60_000)),)
            for group, share in sizes.items()
        }
        for group in GROUPS:
            self.people[(STATE, group)] = sum(self.people[(county, group)] for county in COUNTIES)

    def counts(self, most, second, before=None):
        """So many of everybody have a dose, and so many of those are complete; never fewer than before."""
        found = {}
        for county in COUNTIES:
            for group in (*GROUPS, "unknown"):
                living = self.people.get((county, group), 40)
                some = min(living, int(living * self.chance.uniform(0, 2) * most + self.chance.random()))
                complete = min(some, int(some * self.chance.uniform(0, 2) * second))
                least = (before or {}).get((county, group), (0, 0))
                found[(county, group)] = (max(some, least[0]), max(complete, least[1]))
        for group in (*GROUPS, "unknown"):
            columns = zip(*(found[(county, group)] for county in COUNTIES), strict=True)
            found[(STATE, group)] = tuple(map(sum, columns))
        return found


def publish(place, counts):
    """What is seen: for each measure the hidden cells of counties."""
    hidden = hidden_cells(place.people)
    rows = withheld(counts, place.people, hidden)
    every = {(county, group) for county in COUNTIES for group in (*GROUPS, "unknown")}
    return [{cell for cell in every if cell in hidden or cell[0] in rows[measure]} for measure in (SOME, COMPLETE)]


def learn(attacker, day, place, counts, unseen):
    """Everything that follows from one publication: sums, populations, and that nobody is complete without a dose."""
    for measure in (SOME, COMPLETE):
        for axis, names in ((0, COUNTIES), (1, (*GROUPS, "unknown"))):
            for name in names:
                cells = {cell for cell in unseen[measure] if cell[axis] == name}
                if cells:
                    total = sum(counts[cell][measure] for cell in cells)
                    attacker.knows({(day, measure, cell): 1 for cell in cells}, total)
        for cell in unseen[measure]:
            if cell in place.people:
                attacker.knows({(day, measure, cell): 1}, place.people[cell], "<=")
    for cell in unseen[SOME] | unseen[COMPLETE]:
        terms = {(day, SOME, cell): 1} if cell in unseen[SOME] else {}
        less = {(day, COMPLETE, cell): -1} if cell in unseen[COMPLETE] else {}
        known = (0 if terms else counts[cell][SOME]) - (0 if less else counts[cell][COMPLETE])
        attacker.knows(terms | less, -known, ">=")


def secrets(place, counts, unseen):
    """The cells of small groups, and by how many they must be able to differ; without those that totals tell alone."""
    for cell, people in place.people.items():
        if people >= 500 or cell[0] == STATE:
            continue
        for measure in (SOME, COMPLETE):
            row = [one for one in counts if one[0] == cell[0]]
            here, everywhere = sum(counts[one][measure] for one in row), counts[(STATE, cell[1])][measure]
            assert cell in unseen[measure]
            told = everywhere < WIDTH or (here < WIDTH and set(row) <= unseen[measure])
            if not told and not all(one in unseen[measure] for one in counts if one[0] != STATE):
                yield measure, cell, WIDTH if people >= 10 else 1


@pytest.mark.parametrize(("most", "second"), [(0.005, 0.1), (0.02, 0.3), (0.4, 0.6), (0.97, 0.99)])
def test_whoever_computes_everything_knows_no_small_group_to_within_three_people(most, second):
    attacked = 0
    for seed in range(5):
        place = Place(seed)
        counts = place.counts(most, second)
        unseen = publish(place, counts)
        attacker = Attacker()
        learn(attacker, 1, place, counts, unseen)
        for measure, cell, width in secrets(place, counts, unseen):
            least, greatest = attacker.bounds((1, measure, cell))
            assert least <= counts[cell][measure] <= greatest
            assert greatest - least >= width, (seed, measure, cell)
            attacked += 1
    assert attacked


def test_two_days_side_by_side_tell_no_small_group_either():
    attacked = 0
    for seed in (3, 5):
        place = Place(seed)
        first = place.counts(0.1, 0.4)
        second = place.counts(0.12, 0.5, before=first)
        days = [(1, first, publish(place, first)), (2, second, publish(place, second))]
        attacker = Attacker()
        for day, counts, unseen in days:
            learn(attacker, day, place, counts, unseen)
        for measure in (SOME, COMPLETE):
            for cell in days[0][2][measure] & days[1][2][measure]:
                attacker.knows({(2, measure, cell): 1, (1, measure, cell): -1}, 0, ">=")
        for day, counts, unseen in days:
            for measure, cell, _ in secrets(place, counts, unseen):
                least, greatest = attacker.bounds((day, measure, cell))
                assert least < greatest, (seed, day, measure, cell)
                attacked += 1
    assert attacked


def test_the_attacker_is_good_enough_to_find_what_stands_alone():
    place = Place(1)
    counts = place.counts(0.4, 0.6)
    small = next(cell for cell, people in place.people.items() if people < 500 and cell[0] != STATE)
    attacker = Attacker()
    learn(attacker, 1, place, counts, [{small}, {small}])
    assert attacker.bounds((1, SOME, small)) == (counts[small][SOME], counts[small][SOME])


def test_what_is_hidden_follows_from_populations_and_stays_hidden_when_they_change():
    people = {(county, group): 5_000 for county in COUNTIES for group in GROUPS}
    before = hidden_cells(people | {("c1", "g1"): 20})
    after = hidden_cells(people | {("c2", "g2"): 20}, kept=before)
    assert ("c1", "g1") in before
    assert before | {("c2", "g2")} <= after
    assert hidden_cells(people, kept=before) == frozenset()


@pytest.mark.parametrize("seed", range(20))
def test_hidden_cells_have_company_enough_in_every_line(seed):
    people = Place(seed).people
    hidden = {cell for cell in hidden_cells(people) if cell[0] != STATE}
    small = {cell for cell, living in people.items() if living < 500 and cell[0] != STATE}
    assert small <= hidden
    everything = {cell for cell in people if cell[0] != STATE}
    if hidden != everything:
        assert not small & fixed_by_sums(frozenset(hidden))
    for cell in small:
        for axis in (0, 1):
            line = {one for one in everything if one[axis] == cell[axis]}
            assert line <= hidden or sum(people[one] for one in line & hidden) >= 500
