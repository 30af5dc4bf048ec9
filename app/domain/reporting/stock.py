"""What is on the shelves, what expires when, and what was wasted: added up from the lots of all locations."""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import Select, case, func, or_, select
from sqlalchemy.orm import Session

from app.domain.accounts.access import Actor, Permission
from app.domain.inventory.models import UNKNOWN_EXPIRY, Deprecation, Lot
from app.domain.program.models import Product
from app.domain.providers.models import Location
from app.domain.reporting.contribution import monday
from app.domain.reporting.counted import place
from app.domain.reporting.tables import Asked, Figures, Row
from app.infra import clock

WEEKS = 8
UNKNOWN_WEEK, LATER = "unknown", "later"


def inventory_on_hand(session: Session, actor: Actor, asked: Asked) -> Figures:
    """Doses by product as they lie there: usable, set aside (quarantined, recalled, stopped), and expired."""
    actor.require(Permission.VIEW_FIGURES, at=None)
    aside = or_(Lot.quarantined_at.is_not(None), Lot.recalled_at.is_not(None), Lot.stopped_at.is_not(None))
    which = case((Lot.expires_on < asked.today, "expired"), (aside, "set_aside"), else_="doses")
    query = _at(asked, select(
        _code_of(Lot.product_id), func.sum(case((which == "doses", Lot.balance), else_=0)),
        func.sum(case((which == "set_aside", Lot.balance), else_=0)),
        func.sum(case((which == "expired", Lot.balance), else_=0)), func.count(),
        func.count(Lot.location_id.distinct()),
    ).where(Lot.balance > 0)).group_by(Lot.product_id)  # fmt: skip
    rows = sorted((row[0], tuple(int(value) for value in row[1:])) for row in session.execute(query))
    measures = ("doses", "set_aside", "expired", "lots", "locations")
    return Figures("inventory_on_hand", ("product",), measures, tuple(Row((c,), v) for c, v in rows), asked.now)


def _code_of(product_id: Any) -> Any:
    """Asked of the few groups, not joined to every lot."""
    return select(Product.code).where(Product.id == product_id).correlate(Lot).scalar_subquery()


def expiring_by_week(session: Session, actor: Actor, asked: Asked) -> Figures:
    """Doses not expired yet, by the Monday of the week in which they do: eight weeks, "later", and "unknown"."""
    actor.require(Permission.VIEW_FIGURES, at=None)
    first = monday(asked.today)
    end = first + timedelta(weeks=WEEKS)
    query = _at(asked, select(Lot.expires_on, func.sum(Lot.balance), func.count()).where(
        Lot.balance > 0, Lot.expires_on >= asked.today
    )).group_by(Lot.expires_on)  # fmt: skip
    weeks = [(first + timedelta(weeks=number)).isoformat() for number in range(WEEKS)]
    found = {week: [0, 0] for week in (*weeks, LATER, UNKNOWN_WEEK)}
    for day, doses, lots in session.execute(query):
        counted = found[_week(day, end)]
        counted[0] += int(doses)
        counted[1] += lots
    rows = tuple(Row((week,), (doses, lots)) for week, (doses, lots) in found.items())
    return Figures("expiring_by_week", ("week",), ("doses", "lots"), rows, asked.now)


def wasted_by_reason(session: Session, actor: Actor, asked: Asked) -> Figures:
    """Doses wasted or expired on the days asked for, by kind and reason; what was entered by mistake is not counted."""
    actor.require(Permission.VIEW_FIGURES, at=None)
    start, end = clock.day_bounds(asked.since, asked.zone)[0], clock.day_bounds(asked.until, asked.zone)[1]
    query = select(Deprecation.kind, Deprecation.reason, func.sum(Deprecation.doses), func.count()).where(
        Deprecation.happened_at >= start, Deprecation.happened_at < end, Deprecation.voided_at.is_(None),
        Deprecation.kind != "return",
    )  # fmt: skip
    if asked.location is not None:
        query = query.where(Deprecation.location_id == asked.location)
    if asked.county is not None:
        query = query.join(Location, Location.id == Deprecation.location_id)
        query = query.where(Location.county_fips == place(asked.county))
    found = session.execute(query.group_by(Deprecation.kind, Deprecation.reason))
    rows = sorted(((kind, reason), (int(doses), events)) for kind, reason, doses, events in found)
    return Figures(
        "wasted_by_reason", ("kind", "reason"), ("doses", "events"), tuple(Row(k, v) for k, v in rows), asked.now
    )


def _at(asked: Asked, query: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    """The lots of the location or of the locations in the county."""
    if asked.location is not None:
        query = query.where(Lot.location_id == asked.location)
    if asked.county is not None:
        query = query.join(Location, Location.id == Lot.location_id).where(Location.county_fips == place(asked.county))
    return query


def _week(day: date, end: date) -> str:
    if day == UNKNOWN_EXPIRY:
        return UNKNOWN_WEEK
    return LATER if day >= end else monday(day).isoformat()
