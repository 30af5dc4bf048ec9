"""Measure: `python -m bench` runs everything, `python -m bench search` one, `make bench NAME=search` the same.

Every module here with a function `main` is a measurement: it tells on the way what it sees, and returns its figures
by name. Its last line of output is `{"bench": "search", "figures": {…}}`. Whole numbers after the name are passed on,
to measure on less: `python -m bench search 20000`. Each measurement of a full run has a process of its own, so that
the memory of one is not counted for the next. What takes long to build is kept in instance/bench/.
"""

import importlib
import json
import pkgutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent


def measurements() -> dict[str, Callable[..., Any]]:
    """Every measurement, by name."""
    found = {}
    for module in pkgutil.iter_modules([str(FOLDER)]):
        if module.name != "__main__" and "\ndef main(" in (FOLDER / f"{module.name}.py").read_text():
            found[module.name] = importlib.import_module(f"bench.{module.name}").main
    return found


def run_one(name: str, arguments: list[str]) -> int:
    """Run a measurement here and print its figures; 2 when there is none of that name."""
    known = measurements()
    if name not in known or not all(argument.isdecimal() for argument in arguments):
        print(f"python -m bench [{' | '.join(known)}] [whole numbers]", file=sys.stderr)
        return 2
    figures = known[name](*map(int, arguments))
    print(json.dumps({"bench": name, "figures": figures}, ensure_ascii=False), flush=True)
    return 0


def run_all() -> int:
    """Run every measurement, each in a process of its own; 1 when one of them broke."""
    broken = [
        name
        for name in measurements()
        if subprocess.run([sys.executable, "-m", "bench", name], check=False).returncode
    ]
    if broken:
        print(f"broken: {', '.join(broken)}", file=sys.stderr)
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(run_one(sys.argv[1], sys.argv[2:]) if len(sys.argv) > 1 else run_all())
