"""Announcements. Every maker commits."""

from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from app.domain.accounts.access import system
from app.domain.program.notices.models import Notice
from app.domain.program.notices.read_only import SwitchReadOnly, switch_read_only
from app.domain.program.notices.schedule import ScheduleNotice, schedule_notice
from app.infra import clock


def notice(session: Session, *, begins: float = 0, lasts: float = 2, **other: Any) -> Notice:
    """A notice in the Provider Portal from so many hours on, shown from now on; `read_only` makes it a downtime for all."""
    now = clock.now().replace(second=0, microsecond=0)
    starts = now + timedelta(hours=begins)
    told: dict[str, Any] = {
        "kind": "downtime" if other.get("read_only") else "notice", "title": "New lots", "text": "They come on Friday.",
        "title_es": "Lotes nuevos", "text_es": "Llegan el viernes.", "portals": ("provider",), "shown_from": now,
        "starts_at": starts, "ends_at": starts + timedelta(hours=lasts),
    }  # fmt: skip
    made = schedule_notice(session, system("test"), ScheduleNotice(**(told | other)), now=now)
    session.commit()
    return made


def resting(session: Session, *, on: bool = True) -> None:
    """The program rests at once, or is back."""
    switch_read_only(session, system("test"), SwitchReadOnly(on, "Test"), now=clock.now())
    session.commit()
