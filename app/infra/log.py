"""Logs: one JSON object a line, with the request's id and never with local variables or personal data."""

import logging
import sys
import traceback

import structlog
from sqlalchemy.exc import DataError, DBAPIError


def configure(*, readable: bool) -> None:
    """Set up structlog for this process; `readable` gives short lines for a terminal."""
    last: list[structlog.typing.Processor] = (
        [structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback, colors=sys.stderr.isatty())]
        if readable
        else [structlog.processors.ExceptionRenderer(trace_without_values), structlog.processors.JSONRenderer()]
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            *last,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
    others = logging.getLogger()
    for handler in [one for one in others.handlers if isinstance(one, LibraryLines)]:
        others.removeHandler(handler)
    if not readable:
        others.addHandler(LibraryLines(logging.WARNING))


class LibraryLines(logging.Handler):
    """What libraries log, as our own lines: the template of the message only, since its values may be anybody's."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write one line."""
        level = "error" if record.levelno >= logging.ERROR else "warning"
        getattr(structlog.get_logger(), level)(
            "library.said", logger=record.name, template=str(record.msg), exc_info=record.exc_info or None
        )


def trace_without_values(exc_info: structlog.typing.ExcInfo) -> str:
    """The frames and kinds of an error and of its causes, innermost last.

    A message may quote what somebody typed, and a database's quotes whole rows. Kept are only the messages of the
    operating system and the first line of a database's, which names the constraint.
    """
    parts: list[str] = []
    error: BaseException | None = exc_info[1]
    while error is not None:
        frames = "".join(traceback.format_tb(error.__traceback__))
        parts.append(f"{frames}{type(error).__module__}.{type(error).__qualname__}{_harmless(error)}")
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return "\ncaused by\n".join(parts)


def _harmless(error: BaseException) -> str:
    if isinstance(error, OSError):
        return f": {error}"
    if isinstance(error, DBAPIError) and not isinstance(error, DataError):
        return ": " + str(error.orig).partition("\n")[0]
    return ""
