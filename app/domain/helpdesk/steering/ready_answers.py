"""Ready answers: texts that agents insert, of one team or of all, each in one language."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.accounts.access import Actor
from app.domain.errors import NotFound
from app.domain.helpdesk.errors import BadRequest
from app.domain.helpdesk.models import ReadyAnswer, Team
from app.domain.helpdesk.steering.history import (
    Days,
    checked_line,
    hold,
    keep,
    require_at_team,
    require_supervisor,
)
from app.domain.helpdesk.steering.request_types import checked_team

NOUN = "ready_answer"
LANGUAGES = ("en", "es")
LONGEST_NAME, LONGEST_TEXT = 80, 4_000
MOST = 500


@dataclass(frozen=True, slots=True)
class SaveReadyAnswer:
    """`team_id` None: for all teams."""

    team_id: UUID | None
    name: str
    language: str
    text: str
    days: Days


def list_ready_answers(session: Session, actor: Actor) -> list[ReadyAnswer]:
    """All there are or were, of every team, by name. Raises NotFound."""
    require_supervisor(actor)
    return list(session.scalars(select(ReadyAnswer).order_by(ReadyAnswer.name, ReadyAnswer.language).limit(MOST)))


def get_ready_answer(session: Session, actor: Actor, answer_id: UUID) -> ReadyAnswer:
    """One, for those who may change it. Raises NotFound, NotAllowed for another team's."""
    require_supervisor(actor)
    found = session.get(ReadyAnswer, answer_id)
    if found is None:
        raise NotFound
    require_at_team(actor, found.team_id)
    return found


def save_ready_answer(
    session: Session, actor: Actor, answer_id: UUID | None, command: SaveReadyAnswer, seen: str, *, now: datetime,
    today: date,
) -> ReadyAnswer:  # fmt: skip
    """Make one, or change it; the right is needed at the team that has it and at the one that gets it.

    Raises NotFound, NotAllowed, BadRequest, DataChanged.
    """
    require_at_team(actor, command.team_id)
    kept = get_ready_answer(session, actor, answer_id) if answer_id else None
    if kept is not None:
        hold(session, kept.id, seen)
    if command.team_id is not None:
        checked_team(session, command.team_id)
    if command.language not in LANGUAGES:
        raise BadRequest("language", "unknown")
    name = checked_line("name", command.name, longest=LONGEST_NAME)
    text = checked_line("text", command.text, longest=LONGEST_TEXT)
    was = Days(kept.effective_from, kept.effective_to) if kept else None
    days = command.days.checked(today=today, was=was)
    before = _facts(kept, session) if kept else {}
    if kept is None:
        kept = ReadyAnswer()
        session.add(kept)
    kept.team_id, kept.name, kept.language, kept.text = command.team_id, name, command.language, text
    kept.effective_from, kept.effective_to = days.first, days.last
    session.flush()
    keep(session, actor, NOUN, kept.id, before, _facts(kept, session), now=now)
    return kept


def _facts(kept: ReadyAnswer, session: Session) -> dict[str, str]:
    return {
        "team": session.get_one(Team, kept.team_id).name if kept.team_id else "", "name": kept.name,
        "language": kept.language, "text": kept.text, "first_day": kept.effective_from.isoformat(),
        "last_day": kept.effective_to.isoformat() if kept.effective_to else "",
    }  # fmt: skip
