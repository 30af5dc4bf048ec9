"""A chain adds its locations by workbook: 400 at once."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from sqlalchemy.orm import Session

from app.domain.accounts.access import Actor, Permission
from app.domain.enrollment import states
from app.domain.enrollment.access import require_at
from app.domain.enrollment.add_location import after_adding, known_places, make_location, next_number, place_key
from app.domain.enrollment.journal import note
from app.domain.enrollment.models import EnrolledLocation
from app.domain.enrollment.queries import get_enrollment
from app.infra.spreadsheet.read_rows import ReadRow

Fate = Literal["added", "present", "mistaken"]


@dataclass(frozen=True, slots=True)
class ImportLocations:
    """Rows as `location_rows.read_locations` gives them."""

    enrollment_id: UUID
    rows: Iterable[ReadRow]


@dataclass(frozen=True, slots=True)
class Imported:
    """The fate of every row by its number, and the rows that were not taken."""

    fates: dict[int, Fate]
    mistaken: tuple[ReadRow, ...]

    @property
    def added(self) -> int:
        """How many rows were added."""
        return list(self.fates.values()).count("added")

    @property
    def present(self) -> int:
        """How many rows were there already."""
        return list(self.fates.values()).count("present")


def import_locations(session: Session, actor: Actor, command: ImportLocations, *, now: datetime) -> Imported:
    """Add the good rows. A location of the same name and address is there already: sent twice, nothing is doubled.

    Raises NotNow.
    """
    require_at(session, actor, Permission.EDIT_SECTION_A, enrollment_id=command.enrollment_id)
    enrollment = get_enrollment(session, actor, command.enrollment_id, to_change=True)
    states.refuse_unless(states.EDITABLE, enrollment.status, "add")
    known, number = known_places(session, enrollment), next_number(session, enrollment)
    added: list[EnrolledLocation] = []
    fates: dict[int, Fate] = {}
    rows = list(command.rows)
    for row in rows:
        place = place_key(row.values)
        if not row.is_good:
            fates[row.number] = "mistaken"
        elif place in known:
            fates[row.number] = "present"
        else:
            location = make_location(session, enrollment, dict(row.values), number + len(added), now)
            known[place] = location.code
            added.append(location)
            fates[row.number] = "added"
    if added:
        note(session, actor, enrollment, None, "import_locations", now=now, locations=len(added))
        after_adding(session, actor, enrollment, added, now)
    return Imported(fates, tuple(row for row in rows if not row.is_good))
