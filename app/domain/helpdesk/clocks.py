"""What happens by itself when the requester does not answer: two reminders, then the case closes (domain 8.3).

Days are calendar days in the program's zone. A case is never closed before both reminders went out, on days of
their own: a worker that was away for a week reminds first.
"""

from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.accounts.access import system
from app.domain.helpdesk import states
from app.domain.helpdesk.desk import rule_on
from app.domain.helpdesk.journal import move
from app.domain.helpdesk.models import Case
from app.infra import outbox

REMINDERS = 2


def cases_due(session: Session, *, today: date, after: UUID | None = None, limit: int = 200) -> list[UUID]:
    """Cases that have waited long enough for a reminder or more, in the order of their keys."""
    since = today - timedelta(days=rule_on(session, today).first_reminder_days)
    query = (
        select(Case.id)
        .where(Case.clock_on <= since, (Case.reminded_on.is_(None)) | (Case.reminded_on < today))
        .order_by(Case.id)
        .limit(limit)
    )
    return list(session.scalars(query if after is None else query.where(Case.id > after)))


def run_clock(session: Session, case_id: UUID, *, now: datetime, today: date) -> str:
    """Do what is due for one case: "remind", "run_out", or "" when it was answered meanwhile. In its own transaction.

    Run again on the same day it does nothing.
    """
    case = session.scalar(
        select(Case).where(Case.id == case_id).with_for_update(of=Case).execution_options(populate_existing=True)
    )
    if case is None or case.clock_on is None or case.status not in states.WAITING:
        return ""
    if case.reminded_on is not None and case.reminded_on >= today:
        return ""
    rule, silent = rule_on(session, today), (today - case.clock_on).days
    if silent >= rule.close_days and case.reminded >= REMINDERS:
        move(session, system("clocks"), case, "run_out", now=now, today=today)
        return "run_out"
    due = (rule.first_reminder_days, rule.second_reminder_days)
    if case.reminded < REMINDERS and silent >= due[case.reminded]:
        _remind(session, case, now=now, today=today, closes_on=_closing_day(case, rule.close_days, today))
        return "remind"
    return ""


def _closing_day(case: Case, close_days: int, today: date) -> date:
    """The first day on which the case may close: never the day of a reminder."""
    still = REMINDERS - case.reminded
    return max((case.clock_on or today) + timedelta(days=close_days), today + timedelta(days=still))


def _remind(session: Session, case: Case, *, now: datetime, today: date, closes_on: date) -> None:
    move(session, system("clocks"), case, "remind", now=now, today=today)
    case.reminded, case.reminded_on = case.reminded + 1, today
    if case.email:
        outbox.publish(
            session, "helpdesk.reminder", now=now, about=case.id, case_id=str(case.id), closes_on=closes_on.isoformat()
        )
    session.flush()
