"""Settings of the program that its staff change: each with a type, a first value, and a history that nobody rewrites.

A decision holds from a day on, until another one with the same or a later day. What has not been decided has its first
value. An installation's own settings (addresses, keys) are in `app.config`; these are the state's.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Generic, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.accounts.access import Actor, Permission, Role
from app.domain.errors import Refusal
from app.domain.program.models import ProgramSetting
from app.infra import audit

Value = TypeVar("Value")
_YES, _NO = frozenset({"yes", "true", "on", "1"}), frozenset({"no", "false", "off", "0"})


class UnknownSetting(Refusal):
    """There is no setting with this key."""


class BadValue(Refusal):
    """The text is no value of the setting; `expected` says in words what would be."""

    def __init__(self, expected: str) -> None:
        super().__init__(expected)
        self.expected = expected


@dataclass(frozen=True, slots=True)
class Key(Generic[Value]):
    """One setting: what it is called, what it is for, and how a typed text becomes its value.

    `read` raises BadValue. `write` is the other way round.
    """

    name: str
    label: str
    help: str
    first: Value
    read: Callable[[str], Value]
    write: Callable[[Value], str]


def _read_yes_no(text: str) -> bool:
    word = text.strip().casefold()
    if word not in _YES | _NO:
        raise BadValue("yes or no")
    return word in _YES


def _write_yes_no(value: bool) -> str:
    return "yes" if value else "no"


def _read_days(text: str) -> int:
    number = text.strip()
    if not (number.isascii() and number.isdigit() and 1 <= int(number[:4]) <= 90 and len(number) <= 4):
        raise BadValue("a number of days from 1 to 90")
    return int(number)


def _read_idle_days(text: str) -> int:
    number = text.strip()
    if not (number.isascii() and number.isdigit() and len(number) <= 4 and 30 <= int(number) <= 730):
        raise BadValue("a number of days from 30 to 730")
    return int(number)


def _read_between(low: int, high: int, what: str = "days") -> Callable[[str], int]:
    def read(text: str) -> int:
        number = text.strip()
        if not (number.isascii() and number.isdigit() and len(number) <= 5 and low <= int(number) <= high):
            raise BadValue(f"a number of {what} from {low} to {high}")
        return int(number)

    return read


def _read_model(text: str) -> str:
    letter = text.strip().upper()
    if letter not in {"D", "I"}:
        raise BadValue("D (redacted) or I (identified)")
    return letter


def _read_entity(text: str) -> str:
    letters = text.strip().upper()
    if not (len(letters) == 3 and letters.isascii() and letters.isalnum()):
        raise BadValue("three letters, such as NCA")
    return letters


def _read_roles(text: str) -> list[str]:
    words = [word for word in text.replace(",", " ").casefold().split() if word != "none"]
    if not set(words) <= {role.value for role in Role}:
        raise BadValue("roles separated by commas, such as state_staff, help_desk_agent, or none")
    return sorted(set(words))


def _write_roles(value: list[str]) -> str:
    return ", ".join(value) or "none"


SELF_REGISTRATION_OPEN = Key(
    "self_registration_open",
    "Anybody may register without an invitation",
    "While this is off, people are registered by their employer or their clinic only.",
    False,
    _read_yes_no,
    _write_yes_no,
)
ACCESS_CODE_DAYS = Key(
    "access_code_days",
    "How many days a printed access code works",
    "A clinic prints it for somebody without e-mail, after looking at an identity document.",
    14,
    _read_days,
    str,
)
SECOND_FACTOR_ROLES = Key(
    "second_factor_roles",
    "Roles that must use a second factor",
    "They set up an authenticator app when they next sign in. Everybody else may use one.",
    ["state_administrator", "state_staff"],
    _read_roles,
    _write_roles,
)
IDLE_ACCOUNT_DAYS = Key(
    "idle_account_days",
    "After how many days an unused account of staff goes to sleep",
    "Two weeks before, a mail tells its owner. A new password or a state administrator wakes it.",
    90,
    _read_idle_days,
    str,
)
CVRS_MODEL = Key(
    "cvrs_model",
    "What the federal extract tells of people",
    "D: names and streets are replaced by the word Redacted. I: they are sent, where your agreement with CDC says so.",
    "D",
    _read_model,
    str,
)
CVRS_ENTITY = Key(
    "cvrs_entity",
    "Who sends the federal extract",
    "Three letters that CDC gave you. They are part of the name of each file.",
    "NCA",
    _read_entity,
    str,
)
SESSION_DAYS = Key(
    "session_days",
    "After how many days without use a sign-in is forgotten",
    "The device and the times of a sign-in. The latest one of each account stays.",
    90,
    _read_between(30, 3650),
    str,
)
DRAFT_DAYS = Key(
    "draft_days",
    "After how many untouched days a form that was not finished is deleted",
    "What was typed into it and nothing else.",
    180,
    _read_between(30, 3650),
    str,
)
UPLOAD_FILE_DAYS = Key(
    "upload_file_days",
    "How many days after an upload its file is kept",
    "Then the workbook and what its rows said are deleted. What became of each row stays, and so do rows to decide.",
    90,
    _read_between(30, 3650),
    str,
)
CASE_FILE_DAYS = Key(
    "case_file_days",
    "How many days after a case was closed its files are kept",
    "Then attachments are deleted. What was written stays.",
    365,
    _read_between(90, 3650),
    str,
)
MAIL_DAYS = Key(
    "mail_days",
    "How many days a mail that was sent is remembered",
    "That it went out, when and to do with what; its text is never kept where a mail server is set.",
    365,
    _read_between(90, 3650),
    str,
)
IDLE_KIOSK_DAYS = Key(
    "idle_kiosk_days",
    "After how many days without use a kiosk is taken out of use",
    "The Location Manager pairs it anew.",
    60,
    _read_between(7, 730),
    str,
)
FILES_A_DAY = Key(
    "files_a_day",
    "How many files somebody may send within 24 hours",
    "Workbooks, files of requests and pictures together; for people who are not signed in, from one address of the net.",
    200,
    _read_between(10, 10_000, "files"),
    str,
)
MEGABYTES_A_DAY = Key(
    "megabytes_a_day",
    "How many megabytes of files somebody may send within 24 hours",
    "Whoever reaches it reads from when on more is taken.",
    500,
    _read_between(50, 50_000, "megabytes"),
    str,
)
PERIODS: tuple[Key[int], ...] = (
    SESSION_DAYS, DRAFT_DAYS, UPLOAD_FILE_DAYS, CASE_FILE_DAYS, MAIL_DAYS, IDLE_KIOSK_DAYS,
)  # fmt: skip
"""How long what is no record of anybody's vaccination is kept: oversight.retention carries it out."""
_KEYS: tuple[Key[Any], ...] = (
    SELF_REGISTRATION_OPEN, ACCESS_CODE_DAYS, SECOND_FACTOR_ROLES, IDLE_ACCOUNT_DAYS, CVRS_MODEL, CVRS_ENTITY, *PERIODS,
    FILES_A_DAY, MEGABYTES_A_DAY,
)  # fmt: skip
KEYS: dict[str, Key[Any]] = {key.name: key for key in _KEYS}


@dataclass(frozen=True, slots=True)
class SettingNow:
    """A setting as it stands on a day. `since` None: it has its first value. `coming`: decisions for later days."""

    key: Key[Any]
    value: Any
    since: date | None
    coming: tuple[ProgramSetting, ...]

    @property
    def text(self) -> str:
        """The value as one would type it."""
        return self.key.write(self.value)


@dataclass(frozen=True, slots=True)
class ChangeSetting:
    """The typed text becomes the value from a day on; the day may lie ahead."""

    name: str
    text: str
    effective_from: date


def value_of(session: Session, key: Key[Value], *, today: date) -> Value:
    """The value that holds on the day."""
    found = session.scalar(_decided(key.name).where(ProgramSetting.effective_from <= today).limit(1))
    return key.first if found is None else found.value


def list_settings(session: Session, actor: Actor, *, today: date) -> list[SettingNow]:
    """Every setting there is, as it stands today. Raises NotAllowed, NotFound."""
    actor.require(Permission.CHANGE_SETTINGS, at=None)
    return [_as_it_stands(session, key, today) for key in KEYS.values()]


def history_of(session: Session, actor: Actor, name: str) -> list[ProgramSetting]:
    """All decisions about a setting, newest first. Raises UnknownSetting."""
    actor.require(Permission.CHANGE_SETTINGS, at=None)
    query = select(ProgramSetting).where(ProgramSetting.key == key_of(name).name)
    return list(session.scalars(query.order_by(ProgramSetting.id.desc())))


def change_setting(session: Session, actor: Actor, command: ChangeSetting, *, now: datetime) -> ProgramSetting:
    """Decide. The history keeps what held before. Raises UnknownSetting, BadValue, NotAllowed, NotFound."""
    actor.require(Permission.CHANGE_SETTINGS, at=None)
    key = key_of(command.name)
    made = ProgramSetting(
        key=key.name,
        value=key.read(command.text),
        effective_from=command.effective_from,
        changed_at=now,
        changed_by_id=actor.id,
    )
    session.add(made)
    session.flush()
    audit.record(
        session, actor_kind=actor.kind, actor_id=actor.id, act="program.setting_changed", subject_kind="setting",
        subject_id=made.id, now=now, key=key.name,
    )  # fmt: skip
    return made


def key_of(name: str) -> Key[Any]:
    """The setting that a name means. Raises UnknownSetting."""
    if name not in KEYS:
        raise UnknownSetting(name)
    return KEYS[name]


def _as_it_stands(session: Session, key: Key[Any], today: date) -> SettingNow:
    decided = list(session.scalars(_decided(key.name)))
    held = [one for one in decided if one.effective_from <= today]
    coming = tuple(one for one in reversed(decided) if one.effective_from > today)
    value = held[0].value if held else key.first
    return SettingNow(key, value, held[0].effective_from if held else None, coming)


def _decided(name: str) -> Any:
    """Decisions about a setting, the one that counts on the latest day first."""
    newest = ProgramSetting.effective_from.desc(), ProgramSetting.id.desc()
    return select(ProgramSetting).where(ProgramSetting.key == name).order_by(*newest)
