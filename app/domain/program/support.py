"""Whom each audience turns to: telephone with its hours and holidays, e-mail, and who mails come from.

Decided by the state as rows of the program's settings (`support_<audience>`), each from a day on. Until then what
the installation was started with holds.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any, Literal

from email_validator import EmailNotValidError, validate_email
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.accounts.access import Actor, Permission
from app.domain.errors import Refusal
from app.domain.program.models import ProgramSetting
from app.infra import audit

AUDIENCES = ("everybody", "recipient", "organization", "provider", "enrollment")
"""Everybody: the front door, the help desk, staff, and whoever has no line of their own."""
OF_PORTALS = {
    "recipient": "recipient",
    "organization": "organization",
    "provider": "provider",
    "enrollment": "enrollment",
}
OF_MAILS = {
    "recipients": "recipient", "vaccinations": "recipient", "eligibility": "recipient", "enrollment": "enrollment",
    "reminders": "recipient", "providers": "provider", "inventory": "provider", "transfers": "provider",
}  # fmt: skip
"""The audience of a mail, by the first word of its kind."""

Why = Literal["missing", "malformed", "past", "backwards", "too_long", "too_many"]
LONGEST_SENDER, MOST_HOLIDAYS = 80, 60
_PHONE = re.compile(r"[0-9()+ .\-]{7,40}")
_WEEK = {day: (time(7), time(19)) for day in range(5)} | {day: (time(10), time(18)) for day in (5, 6)}


class BadContact(Refusal):
    """A value cannot be: `field` is phone, email, sender_name, sender_address, day, holidays or day_0 to day_6."""

    def __init__(self, name: str, reason: Why) -> None:
        super().__init__(f"{name}: {reason}")
        self.field, self.reason = name, reason


@dataclass(frozen=True, slots=True)
class Support:
    """`hours` by weekday (0 is Monday), local; closed where missing. `holidays`: closed on these days, with their names.

    `sender_name` and `sender_address` are empty where mails come from the installation's own address. `decided` False:
    nobody has decided yet.
    """

    phone: str = "(877) 555-0143"
    email: str = ""
    sender_name: str = ""
    sender_address: str = ""
    hours: Mapping[int, tuple[time, time]] = field(default_factory=lambda: _WEEK)
    holidays: Mapping[date, str] = field(default_factory=dict)
    decided: bool = False

    def hours_on(self, day: date) -> tuple[time, time] | None:
        """The hours of a day; None where it is closed."""
        return None if day in self.holidays else self.hours.get(day.weekday())

    @property
    def sender(self) -> str:
        """The address that mails come from, with its name; empty for the installation's own."""
        if not self.sender_address:
            return ""
        name = self.sender_name.replace('"', "")
        return f'"{name}" <{self.sender_address}>' if name else self.sender_address


@dataclass(frozen=True, slots=True)
class DecideSupport:
    """What holds for an audience from a day on."""

    audience: str
    support: Support
    effective_from: date


def support_on(session: Session, audience: str, day: date) -> Support:
    """Whom an audience turns to on a day: its own line, else everybody's. One query."""
    keys = {_key(audience), _key("everybody")}
    rows = session.scalars(
        select(ProgramSetting)
        .where(ProgramSetting.key.in_(keys), ProgramSetting.effective_from <= day)
        .order_by(ProgramSetting.effective_from, ProgramSetting.id)
    )
    decided = {row.key: row.value for row in rows}
    found = decided.get(_key(audience)) or decided.get(_key("everybody"))
    return _read(found) if found else Support()


def support_history(session: Session, actor: Actor, audience: str) -> list[ProgramSetting]:
    """Every decision about an audience's contacts, newest first."""
    actor.require(Permission.CHANGE_SETTINGS, at=None)
    query = select(ProgramSetting).where(ProgramSetting.key == _key(audience))
    return list(session.scalars(query.order_by(ProgramSetting.id.desc())))


def decide_support(session: Session, actor: Actor, command: DecideSupport, *, today: date, now: datetime) -> None:
    """Decide. The history keeps what held before. Raises BadContact, NotAllowed, NotFound."""
    actor.require(Permission.CHANGE_SETTINGS, at=None)
    if command.effective_from < today:
        raise BadContact("day", "past")
    _check(command.support)
    made = ProgramSetting(
        key=_key(command.audience), value=_written(command.support), effective_from=command.effective_from,
        changed_at=now, changed_by_id=actor.id,
    )  # fmt: skip
    session.add(made)
    session.flush()
    audit.record(
        session, actor_kind=actor.kind, actor_id=actor.id, act="program.support_decided", subject_kind="setting",
        subject_id=made.id, now=now, audience=command.audience,
    )  # fmt: skip


def read_support(value: dict[str, Any]) -> Support:
    """A decision's value, for the history."""
    return _read(value)


def _key(audience: str) -> str:
    return f"support_{audience}"


def _check(support: Support) -> None:
    if not support.phone.strip():
        raise BadContact("phone", "missing")
    if not _PHONE.fullmatch(support.phone.strip()) or sum(sign.isdigit() for sign in support.phone) < 7:
        raise BadContact("phone", "malformed")
    for name in ("email", "sender_address"):
        address = getattr(support, name).strip()
        if address:
            try:
                validate_email(address, check_deliverability=False)
            except EmailNotValidError as error:
                raise BadContact(name, "malformed") from error
    if len(support.sender_name) > LONGEST_SENDER:
        raise BadContact("sender_name", "too_long")
    if not support.sender_name.isprintable():
        raise BadContact("sender_name", "malformed")
    for day, (start, end) in support.hours.items():
        if start >= end:
            raise BadContact(f"day_{day}", "backwards")
    if len(support.holidays) > MOST_HOLIDAYS:
        raise BadContact("holidays", "too_many")


def _written(support: Support) -> dict[str, Any]:
    return {
        "phone": support.phone.strip(), "email": support.email.strip(), "sender_name": support.sender_name.strip(),
        "sender_address": support.sender_address.strip(),
        "hours": {str(day): [start.strftime("%H:%M"), end.strftime("%H:%M")] for day, (start, end) in support.hours.items()},
        "holidays": {day.isoformat(): name for day, name in sorted(support.holidays.items())},
    }  # fmt: skip


def _read(value: dict[str, Any]) -> Support:
    hours = {int(day): (time.fromisoformat(a), time.fromisoformat(b)) for day, (a, b) in value["hours"].items()}
    holidays = {date.fromisoformat(day): name for day, name in value["holidays"].items()}
    texts = {name: value[name] for name in ("phone", "email", "sender_name", "sender_address")}
    return Support(**texts, hours=hours, holidays=holidays, decided=True)
