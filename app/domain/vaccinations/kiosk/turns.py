"""The turn of the person before a kiosk: begun by a try, gone after a minute or two, or when the next one begins."""

import secrets
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.orm import Session

from app.domain.vaccinations.kiosk.models import KioskTurn
from app.infra.db import Database

LASTS = timedelta(seconds=90)


def current_turn(session: Session, kiosk_id: UUID, token: str, *, now: datetime) -> KioskTurn | None:
    """The turn of whoever holds the token, while it lasts."""
    turn = session.get(KioskTurn, kiosk_id)
    if turn is None or turn.until <= now or not token or not secrets.compare_digest(turn.token, token):
        return None
    return turn


def put_turn(
    session: Session, kiosk_id: UUID, token: str, state: str, *, now: datetime, held: Any = None, number: int = 0
) -> KioskTurn:
    """The next step of whoever holds the token. What was held before is gone."""
    turn = session.get(KioskTurn, kiosk_id)
    if turn is None:
        turn = KioskTurn(device_id=kiosk_id)
        session.add(turn)
    turn.token, turn.state, turn.held, turn.number = token, state, held, number
    turn.until = now + LASTS
    session.flush()
    return turn


def sweep(database: Database, *, now: datetime) -> None:
    """Delete what nobody came back to."""
    with database.transaction() as session:
        session.execute(delete(KioskTurn).where(KioskTurn.until < now))
