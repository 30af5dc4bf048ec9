"""The refrigerators and freezers of a location, each with a picture of its inside and of its outside.

Pictures are checked and kept by the page; the domain knows their storage keys. A unit that the state has approved is
never changed: the changed one takes its place when the update is approved, so that old and new can be compared.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.domain.accounts.access import Actor
from app.domain.enrollment.errors import FieldsRefused, NotNow, Reason
from app.domain.enrollment.fields import Field
from app.domain.enrollment.lists import UNIT_KINDS
from app.domain.enrollment.models import StorageUnit
from app.domain.enrollment.queries import get_unit
from app.domain.enrollment.save_section_b import location_for_section_b, part_changed
from app.domain.enrollment.values import clean

FIELDS: Mapping[str, Field] = {
    "brand": Field("brand", "Brand", "b", "storage_units", longest=80),
    "model": Field("model", "Model", "b", "storage_units", longest=80),
    "kind": Field("kind", "Type", "b", "storage_units", "choice", choices=UNIT_KINDS),
}
_LIST, _PICTURES = {"storage_units"}, {"pictures"}


@dataclass(frozen=True, slots=True)
class AddUnit:
    """`kind` is a code of UNIT_KINDS. A picture may still be missing: the section is not complete until it is there."""

    enrolled_location_id: UUID
    brand: str
    model: str
    kind: str
    inside_key: str | None = None
    outside_key: str | None = None


@dataclass(frozen=True, slots=True)
class ChangeUnit:
    """What is None stays as it is."""

    unit_id: UUID
    brand: str | None = None
    model: str | None = None
    kind: str | None = None
    inside_key: str | None = None
    outside_key: str | None = None


def add_unit(session: Session, actor: Actor, command: AddUnit, *, now: datetime) -> StorageUnit:
    """Add a storage unit. Raises FieldsRefused or NotNow."""
    enrollment, location = location_for_section_b(session, actor, command.enrolled_location_id)
    values = _clean({"brand": command.brand, "model": command.model, "kind": command.kind})
    unit = StorageUnit(
        enrolled_location_id=location.id, **values, inside_key=command.inside_key, outside_key=command.outside_key,
        added_at=now,
    )  # fmt: skip
    session.add(unit)
    part_changed(session, actor, enrollment, location, _LIST, now=now)
    return unit


def change_unit(session: Session, actor: Actor, command: ChangeUnit, *, now: datetime) -> StorageUnit:
    """Change a unit or one of its pictures; returns the unit that stands now. Raises FieldsRefused or NotNow."""
    unit = get_unit(session, actor, command.unit_id)
    enrollment, location = location_for_section_b(session, actor, unit.enrolled_location_id)
    session.refresh(unit)
    if unit.removed_at is not None:
        raise NotNow("change_unit", "removed")
    if unit.approved:
        unit.removed_at = now
        unit = StorageUnit(
            enrolled_location_id=location.id, brand=unit.brand, model=unit.model, kind=unit.kind,
            inside_key=unit.inside_key, outside_key=unit.outside_key, added_at=now,
        )  # fmt: skip
        session.add(unit)
    typed = {"brand": command.brand, "model": command.model, "kind": command.kind}
    told = _clean({key: value for key, value in typed.items() if value is not None})
    changed = _PICTURES if command.inside_key or command.outside_key else set()
    if any(getattr(unit, key) != value for key, value in told.items()):
        changed = changed | _LIST
    for key, value in told.items():
        setattr(unit, key, value)
    unit.inside_key = command.inside_key or unit.inside_key
    unit.outside_key = command.outside_key or unit.outside_key
    part_changed(session, actor, enrollment, location, changed, now=now)
    return unit


def remove_unit(session: Session, actor: Actor, unit_id: UUID, *, now: datetime) -> StorageUnit:
    """Take a unit off the list. Raises NotNow."""
    unit = get_unit(session, actor, unit_id)
    enrollment, location = location_for_section_b(session, actor, unit.enrolled_location_id)
    session.refresh(unit)
    if unit.removed_at is None:
        unit.removed_at = now
        part_changed(session, actor, enrollment, location, _LIST, now=now)
    return unit


def _clean(typed: Mapping[str, str]) -> dict[str, str]:
    values: dict[str, str] = clean(FIELDS, typed)
    missing: dict[str, Reason] = {key: "missing" for key, value in values.items() if not value}
    if missing:
        raise FieldsRefused(missing)
    return values
