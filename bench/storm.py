"""Visitors without a cookie at the front door, in a process of their own: `python -m bench.storm PORT SECONDS RATE`.

Not in the process whose waiting is measured: threads of one Python process wait for each other.
"""

import itertools
import json
import sys
import time
from collections import Counter

from bench.visitor import Unreached, Visitor

CONNECTIONS = 8


def storm(port: int, seconds: float, rate: float) -> Counter[int | str]:
    """So many requests each second, on connections that are kept; how they were answered."""
    answers: Counter[int | str] = Counter()
    visitors = [Visitor("127.0.0.1", port) for _ in range(CONNECTIONS)]
    until, due = time.monotonic() + seconds, time.monotonic()
    for visitor in itertools.cycle(visitors):
        if time.monotonic() > until:
            break
        visitor.cookies.clear()
        try:
            answers[visitor.get("/").status] += 1
        except Unreached:
            answers["no answer"] += 1
        due += 1 / rate
        time.sleep(max(0.0, due - time.monotonic()))
    for visitor in visitors:
        visitor.leave()
    return answers


if __name__ == "__main__":
    print(json.dumps(storm(int(sys.argv[1]), float(sys.argv[2]), float(sys.argv[3]))))
