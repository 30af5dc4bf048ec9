"""What tells whether figures may have changed since they were read: without reading any of them."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.reporting.models import FigureState, PopulationSet


def state_of_figures(session: Session) -> tuple[int | None, datetime | None, object]:
    """The generation shown, up to when it counts, and the populations that hold (None: the sample)."""
    state = session.execute(select(FigureState.shown, FigureState.as_of).where(FigureState.id == 1)).first()
    populations = session.scalar(select(PopulationSet.id).order_by(PopulationSet.id.desc()).limit(1))
    return (state[0] if state else None, state[1] if state else None, populations)
