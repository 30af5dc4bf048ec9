"""The help desk at work: an agent, a supervisor, a clinic that registered, and requests at every stage."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from app.domain.accounts.access import Actor, Role
from app.domain.accounts.invitations import Invite
from app.domain.accounts.password_reset import set_password
from app.domain.helpdesk.answer_case import AnswerCase, accept_solution, answer_case, rate_case
from app.domain.helpdesk.attachments import NewAttachment, check_files
from app.domain.helpdesk.desk import teams
from app.domain.helpdesk.open_case import OpenCase, open_case
from app.domain.helpdesk.register_requester import REALM, TERMS, RegisterRequester, registered_account
from app.domain.helpdesk.steering.announcements import SaveAnnouncement, save_announcement
from app.domain.helpdesk.steering.history import Days
from app.domain.helpdesk.work_case import Reply, Seen, ask_for_information, propose_solution, take_case, write_note
from app.infra import clock
from app.jobs.demo.users import PASSWORD, DemoUser, admit, fresh

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.domain.helpdesk.models import Case
    from app.jobs.demo.stage import Stage


@dataclass(frozen=True, slots=True)
class Asked:
    """One request and how far it has come: new, taken, asked, answered, proposed or closed."""

    days_ago: float
    audience: str
    request_type: str
    name: tuple[str, str]
    text: str
    stage: str
    organization: str = ""
    file: tuple[str, bytes] | None = None


_REQUESTS = (
    Asked(9, "recipient", "proof", ("Rosa", "Diaz"), "The date of my second dose is not on my proof.", "closed"),
    Asked(7.2, "organization", "org_upload", ("Paul", "Stone"), "Nine rows came back and I do not understand why.",
          "closed", "Blue Ridge Foods", ("rows to mend.csv", b"last name,first name\nStone,Pauline\n")),
    Asked(4.1, "recipient", "sign_in", ("George", "Hall"), "I am 78 and have no e-mail address of my own any more.", "asked"),
    Asked(3.4, "provider", "inventory", ("Nora", "Kim"), "A lot is not offered on the clinic day since this morning.",
          "proposed", "Oak Street Pharmacy"),
    Asked(2.2, "organization", "org_access", ("Lena", "Ortiz"), "The welcome e-mail never reached our new contact.",
          "answered", "Piedmont Transit"),
    Asked(1.6, "recipient", "record", ("Maria", "Reyes"), "Mi segunda dosis no aparece en mi registro.", "taken"),
    Asked(1.1, "provider", "wastage", ("Nora", "Kim"), "The refrigerator was at 11 degrees for two hours.", "taken",
          "Oak Street Pharmacy"),
    Asked(0.4, "recipient", "second_dose", ("Alice", "Young"), "Where do I go for the second dose?", "new"),
    Asked(0.2, "provider", "training", ("Nora", "Kim"), "How do two of us count the shelf at the same time?", "new",
          "Oak Street Pharmacy"),
    Asked(0.1, "recipient", "registration", ("Tom", "Bell"), "I pressed Pause, and now I am not sure if I am done.", "new"),
)  # fmt: skip
_NEWS = (
    ("recipient", "Your clinic tells you the day of your second dose. You need not call for it.",
     "Su clínica le dice el día de su segunda dosis. No necesita llamar para eso."),
    ("provider", "Shipments arrive a day later this week. Enter them on the day on which they come.", ""),
)  # fmt: skip
_USER_ID = "HD100001"
_ASK = "Thank you for writing. Please tell us the day and the place of the dose, so that we find it."
_SOLVE = "We looked at it and put it right. Please sign in again and see whether it is as it should be now."


def open_help_desk(session: "Session", stage: "Stage") -> list[DemoUser]:
    """Everybody who answers, everybody who asks; returns who may sign in."""
    opened = stage.ago(30)
    known = {team.code: team.id for team in teams(session)}
    agent = admit(
        session, Invite(Role.HELP_DESK_AGENT, known["recipients"], "ada.quinn@example.gov", "Ada", "Quinn", REALM, "agent"),
        now=opened,
    )  # fmt: skip
    supervisor = admit(
        session,
        Invite(
            Role.HELP_DESK_SUPERVISOR, known["provider"], "sam.boyd@example.gov", "Sam", "Boyd", REALM, "supervisor"
        ),
        now=opened,
    )
    nora = registered_account(
        session, RegisterRequester("Nora", "Kim", "nora.kim@example.org", "VAC2021", TERMS), now=opened,
        user_id=_USER_ID,
    )
    set_password(session, nora, PASSWORD, now=opened)
    ada = fresh(session, agent)
    for asked in _REQUESTS:
        _live_through(session, stage, asked, ada, fresh(session, nora) if asked.audience == "provider" else None)
    _announce(session, stage, fresh(session, supervisor))
    return [
        DemoUser("Help Desk agent", REALM, "agent", PASSWORD),
        DemoUser("Help Desk supervisor", REALM, "supervisor", PASSWORD),
        DemoUser("Vaccine provider at the Help Desk", REALM, _USER_ID, PASSWORD),
    ]


def _announce(session: "Session", stage: "Stage", supervisor: Actor) -> None:
    """What many would ask about these days."""
    today = _day(stage, stage.now)
    for audience, text, text_es in _NEWS:
        command = SaveAnnouncement(audience, text, text_es, Days(today, today + timedelta(days=21)))
        save_announcement(
            session, supervisor, None, command, "", now=stage.now, today=today, zone=stage.settings.zone
        )


def _live_through(session: "Session", stage: "Stage", asked: Asked, agent: Actor, asker: Actor | None) -> None:
    start = stage.now - timedelta(days=asked.days_ago)
    first, last = asked.name
    files = check_files([NewAttachment(*asked.file)]) if asked.file else []
    command = OpenCase(
        audience=asked.audience, request_type=asked.request_type, first_name=first, last_name=last,
        email=f"{first}.{last}@example.net".lower(), description=asked.text, organization_name=asked.organization,
        files=files,
    )  # fmt: skip
    case = open_case(session, asker, command, storage=stage.storage, now=start, today=_day(stage, start))
    if asked.stage != "new":
        _work(session, stage, case, asked, agent)


def _work(session: "Session", stage: "Stage", case: "Case", asked: Asked, agent: Actor) -> None:
    holder = Actor(kind="link", id=case.id)

    def at(hours: float) -> dict[str, Any]:
        moment = min(case.opened_at + timedelta(hours=hours), stage.now)
        return {"now": moment, "today": _day(stage, moment)}

    def seen() -> Seen:
        return Seen(case.number, case.version)

    take_case(session, agent, seen(), **at(1.5))
    write_note(session, agent, case.number, "Looked up; nothing unusual so far.", **at(1.6))
    if asked.stage in {"asked", "answered", "closed"}:
        ask_for_information(session, agent, Reply(seen(), _ASK), storage=stage.storage, **at(2))
    if asked.stage in {"answered", "closed"}:
        answer = AnswerCase(case.number, "It was in Durham, last Tuesday.")
        answer_case(session, holder, answer, storage=stage.storage, **at(20))
    if asked.stage in {"proposed", "closed"}:
        propose_solution(session, agent, Reply(seen(), _SOLVE), "corrected", storage=stage.storage, **at(26))
    if asked.stage == "closed":
        accept_solution(session, holder, case.number, **at(30))
        rate_case(session, holder, case.number, 5, "", now=stage.now)


def _day(stage: "Stage", moment: datetime) -> date:
    return clock.local_date(moment, stage.settings.zone)
