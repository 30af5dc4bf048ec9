"""A clinic at work while its processes are killed; `make bench NAME=crash` does it fifty times on each database."""

import random

from bench.crash import strike_and_reckon


def test_all_that_was_confirmed_is_there_once_whatever_was_killed(database_kind):
    seed = random.SystemRandom().randrange(1_000_000)
    found, told = strike_and_reckon(database_kind, 3, seed, clerks=3, processes=1, people=300)
    assert (found.lost, found.doubled, found.wrong) == ([], [], []), f"seed {seed}: {told}"
    assert sum(told["killed"].values()) == 3
    assert told["confirmed"]["visit"] > 0
    assert told["pages_that_broke"] == {}, f"seed {seed}: instead of asking for patience"
