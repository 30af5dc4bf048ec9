"""The state's own people and what they have begun: a downtime ahead, health answers opened with a reason, a transfer
to decide, and a colleague who has not come back."""

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from app.domain.accounts.access import Role, system
from app.domain.accounts.break_glass import BreakGlass, break_glass
from app.domain.accounts.idle import Idle, put_to_sleep, warn
from app.domain.accounts.invitations import Invite
from app.domain.program.notices.current import PORTALS
from app.domain.program.notices.schedule import ScheduleNotice, schedule_notice
from app.domain.transfers.request_transfer import RequestTransfer, Wanted, request_transfer
from app.jobs.demo import places, users
from app.jobs.demo.clinics import Clinic
from app.jobs.demo.stage import Stage
from app.jobs.demo.users import PASSWORD, DemoUser

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

_LAST_SEEN, _WARNED, _SLEPT, _UNUSED = 104, 27, 13, 90
_SUNDAY, _FEWEST_DAYS_AHEAD = 7, 8


def admit_office(session: "Session", stage: Stage) -> list[DemoUser]:
    """An administrator, staff, a privacy officer, a reader of figures, and one whose account went to sleep."""
    opened = stage.ago(places.OPENED_DAYS_AGO)
    shown = [users.admit_administrator(session, now=opened, seen=stage.ago(1))]
    for role, name, user_name, words in (
        (Role.STATE_STAFF, ("Dana", "Reed"), "state.staff", "State staff"),
        (Role.PRIVACY_OFFICER, ("Paula", "Knox"), "privacy.officer", "Privacy officer"),
        (Role.STATE_VIEWER, ("Victor", "Lane"), "state.viewer", ""),
        (Role.STATE_STAFF, ("Ira", "Stone"), "state.away", ""),
    ):
        offer = Invite(role, None, f"{user_name}@state.example", *name, "state", user_name)
        account = users.admit(session, offer, now=opened)
        last = stage.ago(_LAST_SEEN if user_name == "state.away" else 2)
        users.sign_in_once(session, account.id, now=last)
        if words:
            shown.append(DemoUser(words, "state", user_name, PASSWORD))
        if user_name == "state.away":
            warn(session, Idle(account.id, last, None), unused_for=timedelta(days=_UNUSED), now=stage.ago(_WARNED))
            put_to_sleep(session, Idle(account.id, last, stage.ago(_WARNED)), now=stage.ago(_SLEPT))
    return shown


def run_the_week(session: "Session", stage: Stage, clinics: list[Clinic], recipient_id: UUID) -> None:
    """What waits for the state, and what it has announced."""
    dana = users.fresh(session, users.by_name(session, "state", "state.staff"))
    because = "She writes that an answer was changed after her visit."
    break_glass(session, dana, BreakGlass(recipient_id, "complaint", because), now=stage.ago(1))
    schedule_notice(session, dana, _downtime(stage), now=stage.ago(1))
    sender, receiver = clinics[:2]
    request_transfer(
        session, system("demo"),
        RequestTransfer(
            sender.place.id, receiver.place.id, "transfer", "More people have appointments there than we expected.",
            stage.today + timedelta(days=3), "cooler", True, sender.manager_name, "9195552000",
            (Wanted(sender.stock.main_lot, 60),),
        ),
        now=stage.ago(1), today=stage.today - timedelta(days=1),
    )  # fmt: skip


def _downtime(stage: Stage) -> ScheduleNotice:
    """Half an hour at dawn of the next Sunday but a week, told three days before."""
    day = stage.today + timedelta(days=_FEWEST_DAYS_AHEAD)
    day += timedelta(days=_SUNDAY - day.isoweekday())
    starts = datetime.combine(day, time(5), stage.zone).astimezone(stage.now.tzinfo)
    return ScheduleNotice(
        "downtime", "Maintenance early on Sunday",
        "Every page can be read, but nothing can be changed. Clinics that are open write on paper.",
        "Mantenimiento el domingo temprano", "Se puede leer todo, pero no se puede cambiar nada.", PORTALS,
        shown_from=starts - timedelta(days=3), starts_at=starts, ends_at=starts + timedelta(minutes=30), read_only=True,
        mail_days=3,
    )  # fmt: skip
