"""How PostgreSQL finds what the busiest pages show, at statewide size: kept in bench/plans.md, to be read beside a change."""

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench import statewide

if TYPE_CHECKING:
    from bench.pages import State

FILE = Path(__file__).parent / "plans.md"
_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|\b[0-9a-f]{64}\b")
_LIST = re.compile(r"(\{|ARRAY\[)[^}\]]{80,}")
_HEAD = """# How the busiest pages find what they show

Written by `python -m bench pages` on PostgreSQL: the statements of each page, in their order, and the plan that the server chose for each, with the rows that
each step gave. {sizes}. A test reads that none of them walks through a table that grows with the state's people.
"""


def record(state: "State") -> None:
    """Write the plans of the busiest pages of a state on PostgreSQL."""
    from bench.pages import BUSIEST

    parts = [_HEAD.format(sizes=_sizes(state))]
    for name in BUSIEST:
        asked = state.queries(name)
        parts.append(f"\n## {name}: {len(asked)} queries\n")
        for statement, parameters in asked:
            if statement.startswith(("SELECT", "WITH")):
                parts.append(f"\n```\n{_short(statement)}\n\n{_plan(state, statement, parameters)}\n```\n")
    FILE.write_text("".join(parts))


def _plan(state: "State", statement: str, parameters: Any) -> str:
    """The steps of a statement with the rows of each, without times, which differ from run to run."""
    with state.machines.database.engine.connect() as connection:
        asked = f"EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF, BUFFERS OFF) {statement}"
        steps = connection.exec_driver_sql(asked, parameters).scalars().all()
        connection.rollback()
    return "\n".join(_LIST.sub(r"\1…", _ID.sub("…", step)) for step in steps)


def _short(statement: str) -> str:
    """What is asked for, without the names of all columns."""
    line = " ".join(statement.split())
    return re.sub(r"^SELECT .*? \nFROM|^SELECT .*? FROM", "SELECT … FROM", line)[:600]


def _sizes(state: "State") -> str:
    with state.machines.database.reading() as session:
        return ", ".join(f"{count:,} {words}" for words, count in statewide.sizes(session))
