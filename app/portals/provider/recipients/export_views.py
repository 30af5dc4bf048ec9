"""The list of a location's people to take along, as a workbook or CSV."""

from collections.abc import Iterable, Iterator
from itertools import islice
from uuid import UUID

from flask import Response
from flask_babel import gettext as _

from app.documents.workbooks import CSV_TYPE, XLSX_TYPE
from app.documents.workbooks.tables import Value, table_csv, table_workbook
from app.domain.accounts.access import Permission
from app.domain.vaccinations.list_recipients import ListedRecipient, export_recipients, note_export
from app.portals.provider.portal import portal
from app.portals.provider.recipients.forms import RecipientSearch
from app.web import context
from app.web.answers import download

MOST_EXPORTED = 100_000


@portal.page("/<uuid:location_id>/recipients.<any(xlsx,csv):ending>", needs=Permission.EXPORT_RECIPIENTS)
def recipients_export(location_id: UUID, ending: str) -> Response:
    """What the list shows with the same filter."""
    wanted = RecipientSearch().wanted()
    people = export_recipients(context.db(), context.actor(), location_id, wanted)
    who, moment, parts = context.actor(), context.now(), context.database()

    def note() -> None:
        with parts.transaction() as session:
            note_export(session, who, location_id, wanted, now=moment)

    context.afterwards(note)
    name, rows = f"{_('Recipients')} {context.today().isoformat()}.{ending}", _rows(islice(people, MOST_EXPORTED))
    if ending == "csv":
        return download(table_csv(_columns(), rows), name, CSV_TYPE)
    return download(table_workbook(_("Recipients"), _columns(), rows), name, XLSX_TYPE)


def _columns() -> tuple[tuple[str, int], ...]:
    return (
        (_("Last name"), 22), (_("First name"), 18), (_("Middle name"), 14), (_("Suffix"), 8), (_("Date of birth"), 14),
        (_("City"), 18), (_("ZIP code"), 11), (_("Phone"), 14), (_("E-mail"), 30), (_("Employer"), 28),
        (_("Registered"), 18), (_("Doses"), 8), (_("Series complete"), 16), (_("Last dose given"), 16),
        (_("Vaccine of the last dose"), 36), (_("Lot of the last dose"), 16),
    )  # fmt: skip


def _rows(people: Iterable[ListedRecipient]) -> Iterator[tuple[Value, ...]]:
    zone = context.settings().zone
    for one in people:
        person, last = one.recipient, one.last
        registered = person.registered_at.astimezone(zone) if person.registered_at else ""
        yield (
            person.last_name, person.first_name, person.middle_name, person.suffix, person.birth_date, person.city,
            person.zip, person.phone, person.email or "", one.employer, registered, one.doses,
            _("Yes") if one.complete else _("No"),
            *((last.given_on, last.product_name, last.lot_number) if last else ("", "", "")),
        )  # fmt: skip
