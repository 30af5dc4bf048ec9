"""The access log to take along: CSV in pieces, however long; a workbook up to what one can look through."""

from collections.abc import Iterable, Iterator
from itertools import islice
from urllib.parse import quote

from flask import Response, stream_with_context
from flask_babel import gettext as _

from app.documents.workbooks import CSV_TYPE, XLSX_TYPE
from app.documents.workbooks.tables import Value, table_csv, table_workbook
from app.domain.accounts.access import Permission
from app.domain.oversight.access_log import CHUNK, LogLine, export_log
from app.portals.state.access_log import wording
from app.portals.state.access_log.asking import asked_for, note
from app.portals.state.portal import portal
from app.web import context
from app.web.answers import download

MOST_IN_WORKBOOK = 50_000
_MARK_AND_NO_HEADINGS = table_csv((), ())


@portal.page("/access-log.<any(xlsx,csv):ending>", needs=Permission.VIEW_ACCESS_LOG)
def access_log_export(ending: str) -> Response:
    """What the page shows with the same search, until now."""
    asked = asked_for()
    note(asked, exported=ending)
    lines = export_log(context.database(), context.actor(), asked, now=context.now())
    name = f"{_('Access log')} {context.today().isoformat()}.{ending}"
    if ending == "xlsx":
        return download(table_workbook(_("Access log"), _columns(), _rows(islice(lines, MOST_IN_WORKBOOK))), name, XLSX_TYPE)
    response = Response(stream_with_context(_pieces(lines)), mimetype=CSV_TYPE)
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    return response


def _pieces(lines: Iterator[LogLine]) -> Iterator[bytes]:
    yield table_csv(_columns(), _rows(islice(lines, CHUNK)))
    while piece := list(islice(lines, CHUNK)):
        yield table_csv((), _rows(piece)).removeprefix(_MARK_AND_NO_HEADINGS)


def _columns() -> tuple[tuple[str, int], ...]:
    return (
        (_("When"), 18), (_("Who"), 24), (_("What"), 40), (_("About"), 24), (_("Place"), 28), (_("Code of the act"), 28),
    )  # fmt: skip


def _rows(lines: Iterable[LogLine]) -> Iterator[tuple[Value, ...]]:
    zone = context.settings().zone
    for line in lines:
        yield (
            line.at.astimezone(zone), wording.who(line), wording.what(line.act), wording.whom(line), line.place, line.act
        )
