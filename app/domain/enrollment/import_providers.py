"""Practising providers by workbook, for locations with 25 and more."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.domain.accounts.access import Actor
from app.domain.enrollment.import_rows import CellMistake, Imported, columns_of, read_row
from app.domain.enrollment.models import PracticingProvider
from app.domain.enrollment.practicing_providers import FIELDS, fold_license, known_licenses, make_provider
from app.domain.enrollment.save_section_b import location_for_section_b, part_changed
from app.infra.spreadsheet import Row

SHEET_NAME = "Providers"
MOST_ROWS = 2_000
COLUMNS = columns_of(FIELDS)
EXAMPLE = {
    "first_name": "Maria",
    "last_name": "Example",
    "title": "NP (nurse practitioner)",
    "license_number": "EXAMPLE-1",
}


@dataclass(frozen=True, slots=True)
class ImportProviders:
    """Rows read with COLUMNS, without the example row of the template (`is_example`)."""

    enrolled_location_id: UUID
    rows: Iterable[Row]


def is_example(row: Row) -> bool:
    """True for the example row of the template, which nobody means."""
    return row.cell("license_number").text == EXAMPLE["license_number"]


def import_providers(session: Session, actor: Actor, command: ImportProviders, *, now: datetime) -> Imported:
    """Add the good rows. Somebody with the same license number is there already. Raises NotNow."""
    enrollment, location = location_for_section_b(session, actor, command.enrolled_location_id)
    known = known_licenses(session, location.id)
    added: list[PracticingProvider] = []
    mistakes: list[CellMistake] = []
    present = 0
    for row in command.rows:
        values, wrong = read_row(row, FIELDS)
        mistakes += wrong
        if wrong:
            continue
        license_number = fold_license(values["license_number"])
        if license_number in known:
            present += 1
            continue
        known.add(license_number)
        added.append(make_provider(location.id, values, now))
    if added:
        session.add_all(added)
        part_changed(session, actor, enrollment, location, {"providers"}, now=now)
    return Imported(len(added), present, tuple(mistakes))
