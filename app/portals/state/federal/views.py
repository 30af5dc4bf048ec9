"""The extracts, one of them with what it held back, and its files."""

from datetime import date

from flask import Response, abort

from app.domain.accounts.access import Permission
from app.domain.reporting.cvrs import queries
from app.portals.state.federal.wording import element
from app.portals.state.portal import portal
from app.web import context
from app.web.answers import show
from app.web.paging import Pager, after_from_request

_NEEDS = Permission.MAKE_FEDERAL_REPORTS


@portal.page("/federal", needs=_NEEDS)
def federal() -> Response:
    """All extracts, and whether doses wait for a mistake to be mended."""
    found = queries.list_extracts(context.db(), context.actor(), after=after_from_request())
    waiting = queries.list_held_back(context.db(), context.actor())
    return show("state/federal/list.html", extracts=found.items, pager=Pager(found), waiting=waiting.items)


@portal.page("/federal/held-back", needs=_NEEDS)
def federal_held_back() -> Response:
    """Every dose that still waits for a mistake to be mended."""
    found = queries.list_held_back(context.db(), context.actor(), after=after_from_request())
    return show("state/federal/held_back.html", held=found.items, pager=Pager(found), element=element)


@portal.page("/federal/<day>", needs=_NEEDS)
def federal_extract(day: str) -> Response:
    """One day's extract: figures, files, and the doses that it held back."""
    extract = queries.get_extract(context.db(), context.actor(), _day(day))
    found = queries.list_held_back(context.db(), context.actor(), extract, after=after_from_request())
    return show(
        "state/federal/extract.html", extract=extract, files=queries.files_of(context.db(), extract),
        held=found.items, pager=Pager(found), element=element,
    )  # fmt: skip


@portal.page("/federal/<day>/<int:file_number>.txt", needs=_NEEDS)
def federal_file(day: str, file_number: int) -> Response:
    """A file, piece by piece: it may have 200,000 lines."""
    extract = queries.get_extract(context.db(), context.actor(), _day(day))
    pieces = queries.read_file(context.db(), context.storage(), context.actor(), extract, file_number)
    name = next(file.name for file in queries.files_of(context.db(), extract) if file.number == file_number)
    context.note_read("report.federal_extract_downloaded", "extract", extract.id)
    response = Response(pieces, mimetype="text/tab-separated-values")
    response.headers["Content-Disposition"] = f"attachment; filename={name}"
    return response


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        abort(404)
