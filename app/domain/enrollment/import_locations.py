"""A chain adds its locations by workbook: 400 at once."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.domain.accounts.access import Actor, Permission
from app.domain.enrollment import fields, states
from app.domain.enrollment.access import require_at
from app.domain.enrollment.add_location import after_adding, known_places, make_location, next_number, place_key
from app.domain.enrollment.import_rows import CellMistake, Imported, columns_of, read_row
from app.domain.enrollment.journal import note
from app.domain.enrollment.models import EnrolledLocation
from app.domain.enrollment.queries import get_enrollment
from app.infra.spreadsheet import Row

SHEET_NAME = "Locations"
MOST_ROWS = 1_000
COLUMNS = columns_of(fields.LOCATION)
EXAMPLE = {
    "name": "Example Pharmacy Main Street",
    "street": "12 Main Street",
    "street_2": "Suite 3",
    "city": "Raleigh",
    "state": "North Carolina",
    "county": "Wake",
    "zip": "27601",
    "coordinator_first_name": "Ann",
    "coordinator_middle_initial": "B",
    "coordinator_last_name": "Lee",
    "coordinator_email": "ann.lee@example.org",
    "coordinator_phone": "9195550100",
}


@dataclass(frozen=True, slots=True)
class ImportLocations:
    """Rows read with COLUMNS. The example row of the template is to be skipped by the reader (`is_example`)."""

    enrollment_id: UUID
    rows: Iterable[Row]


def is_example(row: Row) -> bool:
    """True for the example row of the template, which nobody means."""
    return row.cell("name").text == EXAMPLE["name"]


def import_locations(session: Session, actor: Actor, command: ImportLocations, *, now: datetime) -> Imported:
    """Add the good rows. A location of the same name and address is there already. Raises NotNow."""
    require_at(session, actor, Permission.EDIT_SECTION_A, enrollment_id=command.enrollment_id)
    enrollment = get_enrollment(session, actor, command.enrollment_id, to_change=True)
    states.refuse_unless(states.EDITABLE, enrollment.status, "add")
    known, number = known_places(session, enrollment), next_number(session, enrollment)
    added: list[EnrolledLocation] = []
    mistakes: list[CellMistake] = []
    present = 0
    for row in command.rows:
        answers, wrong = read_row(row, fields.LOCATION)
        mistakes += wrong
        if wrong:
            continue
        if place_key(answers) in known:
            present += 1
            continue
        location = make_location(session, enrollment, answers, number + len(added), now)
        known[place_key(answers)] = location.code
        added.append(location)
    if added:
        note(session, actor, enrollment, None, "import_locations", now=now, locations=len(added))
        after_adding(session, actor, enrollment, added, now)
    return Imported(len(added), present, tuple(mistakes))
