"""Names for the keys of figures that are rows of ours: vaccines by their code, locations by their id."""

from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import select

from app.domain.program.models import Product
from app.domain.providers.models import Location
from app.domain.reporting.populations import read_populations
from app.domain.reporting.tables import Figures

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

_CHUNK = 500


def names_of(session: "Session", figures: Figures) -> dict[str, dict[str, str]]:
    """By dimension, the name of each key; dimensions whose keys are code words are left out."""
    named: dict[str, dict[str, str]] = {}
    if "product" in figures.dimensions:
        named["product"] = {row.code: row.name for row in session.execute(select(Product.code, Product.name))}
    if "location" in figures.dimensions:
        place = figures.dimensions.index("location")
        named["location"] = _locations(session, [UUID(row.keys[place]) for row in figures.rows])
    return named


def _locations(session: "Session", ids: list[UUID]) -> dict[str, str]:
    named: dict[str, str] = {}
    for start in range(0, len(ids), _CHUNK):
        query = select(Location.id, Location.name).where(Location.id.in_(ids[start : start + _CHUNK]))
        named.update((str(id_), name) for id_, name in session.execute(query))
    return named


def source_of_populations(session: "Session") -> str | None:
    """What the populations that hold say of themselves; None where they are the sample."""
    held = read_populations(session)
    return None if held.is_sample else held.source
