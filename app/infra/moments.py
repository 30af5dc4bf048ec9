"""Moments in queries: what the two kinds of database say differently about time."""

from typing import Any

from sqlalchemy import ColumnElement, Float
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement


class hours_between(FunctionElement[float]):  # noqa: N801 - reads as a function in a query
    """Hours from one column of moments to another one; NULL where one of them is."""

    type = Float()
    inherit_cache = True

    def __init__(
        self,
        start: ColumnElement[Any] | InstrumentedAttribute[Any],
        end: ColumnElement[Any] | InstrumentedAttribute[Any],
    ) -> None:
        super().__init__(start, end)


@compiles(hours_between)
def _hours(element: hours_between, compiler: SQLCompiler, **options: Any) -> str:
    start, end = (compiler.process(part, **options) for part in element.clauses)
    return f"((julianday({end}) - julianday({start})) * 24)"


@compiles(hours_between, "postgresql")
def _hours_postgresql(element: hours_between, compiler: SQLCompiler, **options: Any) -> str:
    start, end = (compiler.process(part, **options) for part in element.clauses)
    return f"(CAST(EXTRACT(EPOCH FROM {end} - {start}) AS double precision) / 3600)"
