"""Use case: a person takes along everything that is held about them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from app.domain.accounts.access import Actor, Permission
from app.domain.helpdesk.models import Case
from app.domain.inventory.models import Lot
from app.domain.organizations.models import Organization
from app.domain.oversight.own_copy.held import HELD, Held, Whose
from app.domain.oversight.own_log.openings import Opening, openings_of
from app.domain.program.models import Product
from app.domain.providers.models import Location
from app.domain.recipients.own_record import own_recipient
from app.domain.recipients.records import records_of
from app.domain.vaccinations.models import Administration, Visit

Row = dict[str, Any]
_AT_ONCE = 500
_NAMES: dict[str, tuple[Any, ...]] = {
    "location_id": (Location.id, Location.name),
    "organization_id": (Organization.id, Organization.name),
    "product_id": (Product.id, Product.name),
    "lot_id": (Lot.id, Lot.number),
}
"""Columns that are told by the name of what they point to."""
_PLACES = {"scope_id", "place_id"}


@dataclass(frozen=True, slots=True)
class CopyOfRecord:
    """`sections`: by the name of what is held, its rows; those without any are left out. `openings`: newest first."""

    code: str
    made_at: datetime
    sections: dict[str, list[Row]]
    openings: list[Opening]


def copy_of_record(session: Session, actor: Actor, recipient_id: UUID, *, now: datetime) -> CopyOfRecord:
    """All that is held about a person, over all records that were found to be theirs.

    For the person: also what is held about their account. For a parent or guardian: about the dependant only.
    Names of staff and ids are left out. Raises NotFound.
    """
    person = own_recipient(session, actor, recipient_id, Permission.VIEW_OWN_RECORD)
    ids: dict[Whose, list[UUID]] = {"record": list(records_of(session, [person.id]))}
    itself = actor.may(Permission.ACT_FOR_OTHERS, at=recipient_id)
    ids["account"] = [actor.id] if itself and actor.id else []
    ids["visit"] = _ids(session, select(Visit.id).where(Visit.recipient_id.in_(ids["record"])))
    ids["dose"] = _ids(session, select(Administration.id).where(Administration.recipient_id.in_(ids["record"])))
    ids["case"] = _ids(session, select(Case.id).where(Case.requester_id.in_(ids["account"])))
    sections = {held.name: _rows(session, held, ids[held.whose]) for held in HELD}
    _tell_names(session, sections.values())
    found = {name: rows for name, rows in sections.items() if rows}
    return CopyOfRecord(person.code, now, found, list(_openings(session, actor, recipient_id)))


def _ids(session: Session, query: Select[UUID]) -> list[UUID]:
    return list(session.scalars(query))


def _rows(session: Session, held: Held, ids: list[UUID]) -> list[Row]:
    if not ids:
        return []
    table = held.table
    columns = [getattr(table, name) for name in held.told]
    query = select(*columns).where(or_(*(getattr(table, name).in_(ids) for name in held.by)))
    for name, values in held.only:
        query = query.where(getattr(table, name).in_(values))
    first = next(iter(table.__table__.primary_key))
    return [dict(zip(held.told, row, strict=True)) for row in session.execute(query.order_by(first))]


def _tell_names(session: Session, sections: Iterable[list[Row]]) -> None:
    """Put names in place of ids, and take what is of another kind out."""
    rows = [row for section in sections for row in section]
    known: dict[str, dict[UUID, str]] = {}
    for column, (id_, name) in _NAMES.items():
        places = _PLACES if column in {"location_id", "organization_id"} else set()
        wanted = {row[key] for row in rows for key in {column, *places} if row.get(key) is not None}
        found = session.execute(select(id_, name).where(id_.in_(wanted))) if wanted else ()
        known[column] = {key: text for key, text in found}  # noqa: C416 -- a Row is no pair to mypy
    places_known = known["location_id"] | known["organization_id"]
    for row in rows:
        told = list(row.items())
        row.clear()
        for key, value in told:
            named = key in _NAMES or key in _PLACES
            row[key.removesuffix("_id")] = (known.get(key) or places_known).get(value, "") if named else value


def _openings(session: Session, actor: Actor, recipient_id: UUID) -> Iterator[Opening]:
    after: str | None = None
    while True:
        found = openings_of(session, actor, recipient_id, after=after, size=_AT_ONCE)
        yield from found.items
        after = found.next_after
        if after is None:
            return
