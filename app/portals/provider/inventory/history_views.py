"""Account History: who received what when at this location, and all that happened to its stock."""

from collections.abc import Iterator
from itertools import islice
from uuid import UUID

from flask import Response, url_for
from flask_babel import gettext as _

from app.documents.workbooks import CSV_TYPE, XLSX_TYPE
from app.documents.workbooks.tables import Value, table_csv, table_workbook
from app.domain.accounts.access import Permission
from app.domain.inventory import queries
from app.domain.program.products import list_products
from app.domain.providers.queries import get_location
from app.domain.vaccinations.account_history import (
    AccountFilter,
    AccountLine,
    account_history,
    export_history,
    note_export,
)
from app.portals.provider.inventory import wording
from app.portals.provider.inventory.history_form import HistoryForm
from app.portals.provider.portal import portal
from app.web import context
from app.web.answers import download, show
from app.web.context import actor, db, settings, today
from app.web.paging import Pager, after_from_request
from app.web.sealed import answer_at

_LATEST = 5
_LOTS_OFFERED = 200
MOST_EXPORTED = 100_000


@portal.page("/<uuid:location_id>/inventory/location", needs=Permission.VIEW_INVENTORY)
def stock_location(location_id: UUID) -> Response:
    """The location that the inventory belongs to, and what is related to it."""
    latest = account_history(db(), actor(), location_id, AccountFilter(), zone=settings().zone, size=_LATEST)
    return show(
        "provider/inventory/location.html", location_id=location_id, latest=latest.items, words=wording,
        place=get_location(db(), actor(), location_id),
        on_hand=queries.doses_on_hand(db(), location_id, today=today()),
    )  # fmt: skip


@portal.action("/<uuid:location_id>/inventory/history", needs=Permission.VIEW_INVENTORY)
def stock_history(location_id: UUID) -> Response:
    """Newest first; by day, vaccine, lot, kind and recipient. No name stands in an address."""
    form = _form(location_id)
    if form.submitted():
        return answer_at(url_for("provider.stock_history", location_id=location_id, **form.arguments()))
    found = account_history(db(), actor(), location_id, form.wanted(), zone=settings().zone, after=after_from_request())
    return show(
        "provider/inventory/history.html", fragment="list", form=form, location_id=location_id, lines=found.items,
        pager=Pager(found), words=wording, may_export=actor().may(Permission.MANAGE_INVENTORY, at=location_id),
        arguments=form.arguments(), most=MOST_EXPORTED,
    )  # fmt: skip


@portal.page("/<uuid:location_id>/inventory/history.<any(xlsx,csv):ending>", needs=Permission.MANAGE_INVENTORY)
def stock_history_export(location_id: UUID, ending: str) -> Response:
    """What the list shows with the same filter, as a workbook or CSV."""
    wanted = _form(location_id).wanted()
    rows = _rows(export_history(db(), actor(), location_id, wanted, zone=settings().zone))
    who, moment, parts = actor(), context.now(), context.database()

    def note() -> None:
        with parts.transaction() as session:
            note_export(session, who, location_id, wanted, now=moment)

    context.afterwards(note)
    name = f"{_('Account History')} {today().isoformat()}.{ending}"
    if ending == "csv":
        return download(table_csv(_columns(), rows), name, CSV_TYPE)
    return download(table_workbook(_("Account History"), _columns(), rows), name, XLSX_TYPE)


def _form(location_id: UUID) -> HistoryForm:
    lots = [
        line.lot
        for used_up in (False, True)
        for line in queries.list_lots(
            db(), actor(), location_id, today=today(), used_up=used_up, size=_LOTS_OFFERED
        ).items
    ]
    return HistoryForm(list_products(db()), sorted(lots, key=lambda lot: lot.number))


def _columns() -> tuple[tuple[str, int], ...]:
    return (
        (_("When"), 18), (_("What"), 26), (_("Vaccine"), 36), (_("Lot"), 14), (_("Expires"), 12), (_("Doses"), 8),
        (_("Recipient"), 28), (_("Date of birth"), 14), (_("Dose number"), 12), (_("Given"), 18), (_("By"), 24),
        (_("Reference"), 40),
    )  # fmt: skip


def _rows(lines: Iterator[AccountLine]) -> Iterator[tuple[Value, ...]]:
    zone = settings().zone
    for line in islice(lines, MOST_EXPORTED):
        entry, to = line.entry, line.received
        yield (
            entry.made_at.astimezone(zone), str(wording.LEDGER_KINDS.get(entry.kind, entry.kind)), entry.product_name,
            entry.lot_number, wording.known(entry.expires_on), entry.doses,
            *((to.name, to.birth_date, to.dose_number, to.given_at.astimezone(zone)) if to else ("", "", "", "")),
            entry.made_by, wording.reason_of(entry.reason, entry.kind),
        )  # fmt: skip
