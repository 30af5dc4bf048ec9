"""Old beside new: what an update changes of what is in force."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.enrollment import fields
from app.domain.enrollment.fields import Field
from app.domain.enrollment.models import EnrolledLocation, Enrollment, PracticingProvider, StorageUnit


@dataclass(frozen=True, slots=True)
class Change:
    """One field: the answer in force and the one applied for; "" or [] where there is none."""

    field: Field
    old: Any
    new: Any


@dataclass(frozen=True, slots=True)
class ListChanges:
    """What is added to, and what is taken off, the storage units and the practising providers of a location."""

    units_added: list[StorageUnit]
    units_removed: list[StorageUnit]
    providers_added: list[PracticingProvider]
    providers_removed: list[PracticingProvider]

    @property
    def any(self) -> bool:
        """True when something differs."""
        return bool(self.units_added or self.units_removed or self.providers_added or self.providers_removed)


def changes_of_enrollment(enrollment: Enrollment) -> list[Change]:
    """What differs in Section A, in the order of the form; nothing while nothing is approved."""
    return _changes(fields.SECTION_A, enrollment.approved, enrollment.answers)


def changes_of_location(location: EnrolledLocation) -> list[Change]:
    """What differs in a location's details and its Section B; nothing while it is not approved."""
    return _changes((*fields.LOCATION, *fields.SECTION_B), location.approved, location.answers)


def list_changes_of(session: Session, location: EnrolledLocation) -> ListChanges:
    """What differs in the lists of a location. A changed unit is one taken off and one added."""
    units: dict[bool, list[StorageUnit]] = {}
    providers: dict[bool, list[PracticingProvider]] = {}
    if location.approved is not None:
        for added in (True, False):
            units[added] = list(session.scalars(select(StorageUnit).where(*_moved(StorageUnit, location, added))))
            providers[added] = list(
                session.scalars(select(PracticingProvider).where(*_moved(PracticingProvider, location, added)))
            )
    return ListChanges(units.get(True, []), units.get(False, []), providers.get(True, []), providers.get(False, []))


def _moved(
    table: type[StorageUnit] | type[PracticingProvider], location: EnrolledLocation, added: bool
) -> tuple[Any, ...]:
    here = table.enrolled_location_id == location.id
    if added:
        return here, table.approved.is_(False), table.removed_at.is_(None)
    return here, table.approved.is_(True), table.removed_at.is_not(None)


def _changes(table: tuple[Field, ...], old: dict[str, Any] | None, new: dict[str, Any]) -> list[Change]:
    if old is None:
        return []
    found = [Change(field, old.get(field.key, ""), new.get(field.key, "")) for field in table]
    return [change for change in found if change.old != change.new]
