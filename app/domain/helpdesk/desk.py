"""The data the help desk runs on: installed once, changed by the state later, read by everything else."""

from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.domain.helpdesk import lists
from app.domain.helpdesk.models import Announcement, CaseCounter, CaseRule, ReadyAnswer, RequestType, Team
from app.domain.program.support import support_on

OPENED = date(2020, 12, 1)


def install_help_desk(session: Session) -> None:
    """Teams, request types, rules and ready answers that are missing. Safe to run again: what is there stays."""
    teams = {team.code: team for team in session.scalars(select(Team))}
    first_time = not teams
    for code, name in lists.TEAMS.items():
        if code not in teams:
            teams[code] = Team(code=code, name=name)
            session.add(teams[code])
    session.flush()
    known = set(session.scalars(select(RequestType.code)))
    for audience, rows in lists.TYPES.items():
        for position, row in enumerate(rows, start=1):
            if row.code not in known:
                session.add(
                    RequestType(
                        code=row.code, audience=audience, name=row.name, position=position, team_id=teams[row.team].id,
                        priority=row.priority, workbook=row.workbook, effective_from=OPENED,
                    )
                )  # fmt: skip
    if first_time:
        session.add(CaseCounter(id=1, last=0))
        session.add(
            CaseRule(
                effective_from=OPENED, first_reminder_days=3, second_reminder_days=6, close_days=8, reopen_days=14,
                link_days=30,
            )
        )  # fmt: skip
        for team, name, language, text in lists.READY_ANSWERS:
            session.add(ReadyAnswer(team_id=teams[team].id, name=name, language=language, text=text))
    session.flush()


def rule_on(session: Session, day: date) -> CaseRule:
    """The days of the clocks that hold on a day."""
    return session.scalars(
        select(CaseRule).where(CaseRule.effective_from <= max(day, OPENED)).order_by(CaseRule.effective_from.desc())
    ).first() or CaseRule(
        effective_from=OPENED, first_reminder_days=3, second_reminder_days=6, close_days=8, reopen_days=14, link_days=30
    )


def request_types(session: Session, audience: str, day: date) -> list[RequestType]:
    """What a request of this audience can be about on a day, in the order of the list."""
    return list(
        session.scalars(
            select(RequestType)
            .where(RequestType.audience == audience, RequestType.effective_from <= day)
            .where(or_(RequestType.effective_to.is_(None), RequestType.effective_to >= day))
            .order_by(RequestType.position, RequestType.code)
        )
    )


def all_request_types(session: Session) -> list[RequestType]:
    """Every request type there is or was, by audience: for agents, who sort cases of any day."""
    return list(session.scalars(select(RequestType).order_by(RequestType.audience, RequestType.position)))


def teams(session: Session) -> list[Team]:
    """All teams by name."""
    return list(session.scalars(select(Team).order_by(Team.name)))


@dataclass(frozen=True, slots=True)
class LineNow:
    """A telephone, the hours of today in the program's zone (None: closed all day), and whether somebody is there."""

    phone: str
    today: tuple[time, time] | None
    is_open: bool
    hours: dict[int, tuple[time, time]]
    holidays: dict[date, str]


def line_now(session: Session, audience: str, *, now: datetime, zone: ZoneInfo, phone: str) -> LineNow:
    """The telephone of an audience at a moment. `phone`: the installation's, while nobody has decided on another."""
    local = now.astimezone(zone)
    support = support_on(session, audience, local.date())
    today = support.hours_on(local.date())
    is_open = today is not None and today[0] <= local.time() < today[1]
    coming = {day: name for day, name in support.holidays.items() if day >= local.date()}
    return LineNow(support.phone if support.decided else phone, today, is_open, dict(support.hours), coming)


def announcements(session: Session, audience: str, *, now: datetime) -> list[Announcement]:
    """What is shown to an audience at a moment, newest first."""
    return list(
        session.scalars(
            select(Announcement)
            .where(Announcement.shown_until > now, Announcement.shown_from <= now)
            .where(Announcement.audience.in_(("", audience)))
            .order_by(Announcement.id.desc())
            .limit(5)
        )
    )


def ready_answers(session: Session, team_id: UUID, *, language: str, day: date) -> list[ReadyAnswer]:
    """The texts that a team's agents may insert on a day: its own and those of all teams, in the language first."""
    found = session.scalars(
        select(ReadyAnswer)
        .where(or_(ReadyAnswer.team_id == team_id, ReadyAnswer.team_id.is_(None)))
        .where(ReadyAnswer.effective_from <= day)
        .where(or_(ReadyAnswer.effective_to.is_(None), ReadyAnswer.effective_to >= day))
        .order_by(ReadyAnswer.name, ReadyAnswer.language)
    )
    return sorted(found, key=lambda one: one.language != language)
