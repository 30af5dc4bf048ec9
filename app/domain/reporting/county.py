"""One county at a time: its people by every dimension, read at once."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.accounts.access import Actor, Permission
from app.domain.reporting.counted import PEOPLE, as_of, place
from app.domain.reporting.groups import DIMENSIONS
from app.domain.reporting.models import FigureState, PeopleTally
from app.domain.reporting.populations import read_populations
from app.domain.reporting.tables import Figures, Row

EVERYBODY = "all"


def people_of_county(session: Session, actor: Actor, fips: str) -> dict[str, Figures]:
    """By dimension as `people_by_group` has them, and by "all" everybody. Raises UnknownBreakdown, NotAllowed."""
    actor.require(Permission.VIEW_FIGURES, at=None)
    where, populations, moment = place(fips), read_populations(session), as_of(session)
    shown = select(FigureState.shown).where(FigureState.id == 1).scalar_subquery()
    found = {
        (row.dimension, row.group_code): (row.at_least_one, row.complete)
        for row in session.execute(
            select(
                PeopleTally.dimension, PeopleTally.group_code, PeopleTally.at_least_one, PeopleTally.complete
            ).where(PeopleTally.generation == shown, PeopleTally.county_fips == where)
        )
    }
    counted = {
        dimension: tuple(
            Row((group,), (*found.get((dimension, group), (0, 0)), populations.people(where, dimension, group)))
            for group in groups
        )
        for dimension, groups in {EVERYBODY: (EVERYBODY,), **DIMENSIONS}.items()
    }
    return {
        dimension: Figures("people_by_group", (dimension,), PEOPLE, rows, moment) for dimension, rows in counted.items()
    }
