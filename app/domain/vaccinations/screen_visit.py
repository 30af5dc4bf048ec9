"""Use case: the screening questions were asked. They may be asked again while the visit is open."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.domain.accounts.access import Actor, Permission
from app.domain.errors import Conflict
from app.domain.vaccinations.errors import IncompleteAnswers, VisitEnded
from app.domain.vaccinations.models import Visit
from app.domain.vaccinations.questionnaires import ANSWERS, Screening, assess, questionnaire_of
from app.domain.vaccinations.visits import OPEN, get_visit
from app.infra import audit


@dataclass(frozen=True, slots=True)
class ScreenVisit:
    """Answers (`yes`, `no`, `unknown`) by question, and the edition that was asked."""

    location_id: UUID
    visit_id: UUID
    edition: str
    answers: dict[str, str]


def screen_visit(
    session: Session, actor: Actor, command: ScreenVisit, *, now: datetime
) -> tuple[Visit, Screening]:
    """Keep the answers with the visit.

    Raises IncompleteAnswers, VisitEnded, NotFound; Conflict for an edition that does not exist.
    """
    actor.require(Permission.ADMINISTER_DOSES, at=command.location_id)
    questionnaire = questionnaire_of(command.edition)
    if questionnaire is None:
        raise Conflict
    asked = [question.code for question in questionnaire.questions]
    missing = tuple(code for code in asked if command.answers.get(code) not in ANSWERS)
    if missing:
        raise IncompleteAnswers(missing)
    visit = get_visit(session, actor, command.location_id, command.visit_id, anew=True)
    if visit.status not in OPEN:
        raise VisitEnded
    visit.questionnaire = questionnaire.edition
    visit.answers = {code: command.answers[code] for code in asked}
    visit.screened_at, visit.screened_by_id, visit.status = now, actor.id, "screened"
    session.flush()
    audit.record(
        session,
        actor_kind=actor.kind,
        actor_id=actor.id,
        act="recipient.screened",
        subject_kind="recipient",
        subject_id=visit.recipient_id,
        place_id=command.location_id,
        now=now,
    )
    return visit, assess(questionnaire, visit.answers)
