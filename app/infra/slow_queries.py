"""Queries that take too long are logged: the statement without its values, the route, and how long."""

import time
from typing import Any

import structlog
from sqlalchemy import event
from sqlalchemy.engine import Engine

from app.infra import metrics

log = structlog.get_logger()

LONGEST_STATEMENT = 2000


def watch(engine: Engine, milliseconds: float) -> None:
    """Log what takes longer than that; 0 logs nothing. A statement holds placeholders where values go."""
    if not milliseconds:
        return

    @event.listens_for(engine, "before_cursor_execute")
    def begin(_connection: Any, _cursor: Any, _statement: str, _values: Any, context: Any, _many: bool) -> None:
        if context is not None:
            context.began = time.perf_counter()

    @event.listens_for(engine, "after_cursor_execute")
    def end(_connection: Any, _cursor: Any, statement: str, _values: Any, context: Any, _many: bool) -> None:
        took = (time.perf_counter() - getattr(context, "began", time.perf_counter())) * 1000
        if took >= milliseconds:
            route = structlog.contextvars.get_contextvars().get("route", "")
            metrics.count_slow_query(route)
            log.warning("query.slow", ms=round(took), statement=" ".join(statement.split())[:LONGEST_STATEMENT])
