"""The state decides about the entries of a list: a new one, other words, another place, no more offered.

Nothing is deleted: what rows refer to stays readable, under the words of the day. A decision holds from today on or
later.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal, get_args

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.accounts.access import Actor, Permission
from app.domain.errors import NotFound, Refusal
from app.domain.program.industries import Sector
from app.domain.program.living import STEP, Decision, Living
from app.domain.program.lookup import fold
from app.domain.program.models import ListDecision
from app.infra import audit
from app.infra.db import one_at_a_time

_NEEDS = Permission.CHANGE_SETTINGS
LONGEST = 120
SECTORS: tuple[str, ...] = get_args(Sector)
Why = Literal["missing", "too_long", "malformed", "taken", "unknown", "past", "needed", "out_of_range", "same"]


class BadEntry(Refusal):
    """A value of the entry cannot be: `field` is label, label_es, sector, place, day or offered; `most` the last place."""

    def __init__(self, name: str, reason: Why, most: int = 0) -> None:
        super().__init__(f"{name}: {reason}")
        self.field, self.reason, self.most = name, reason, most


@dataclass(frozen=True, slots=True)
class DecideEntry:
    """What holds of an entry from a day on. `code` empty: a new one. `place`: 1 is the first of those offered.

    `in_spanish`: the list is read by recipients, so that its Spanish is needed too.
    """

    code: str
    label: str
    label_es: str
    place: int
    offered: bool
    effective_from: date
    sector: str = ""
    in_spanish: bool = False
    needed: frozenset[str] = field(default_factory=frozenset)


def decisions_on(session: Session, day: date) -> list[Decision]:
    """All that was decided about all lists and holds on a day, oldest first: what `lists_in_force` wants."""
    query = select(ListDecision).where(ListDecision.effective_from <= day)
    rows = session.scalars(query.order_by(ListDecision.effective_from, ListDecision.id))
    return [
        Decision(row.list_name, row.code, row.label, row.label_es, row.position, row.offered, row.facts) for row in rows
    ]


def history_of(session: Session, actor: Actor, list_name: str) -> list[ListDecision]:
    """Every decision about a list, newest first."""
    actor.require(_NEEDS, at=None)
    query = select(ListDecision).where(ListDecision.list_name == list_name)
    return list(session.scalars(query.order_by(ListDecision.id.desc())))


def decide_entry(
    session: Session, actor: Actor, living: Living[Any], command: DecideEntry, *, today: date, now: datetime
) -> ListDecision:
    """Decide. `needed` entries of the command can be renamed, not ended. Raises BadEntry, NotFound."""
    actor.require(_NEEDS, at=None)
    one_at_a_time(session, "lists")
    before = history_of(session, actor, living.name)
    oldest_first = sorted(before, key=lambda one: (one.effective_from, one.id))
    standing = living.decided_by(one for one in oldest_first if one.effective_from <= command.effective_from)
    known = standing.known.by_code(command.code)
    if command.code and known is None:
        raise NotFound(command.code)
    label, label_es = " ".join(command.label.split()), " ".join(command.label_es.split())
    _check(living, before, command, label, label_es, today)
    facts = _facts(living, known, command)
    others = [entry.code for entry in standing.offered.entries if entry.code != command.code]
    if not 1 <= command.place <= len(others) + 1:
        raise BadEntry("place", "out_of_range", len(others) + 1)
    made = ListDecision(
        list_name=living.name, code=command.code or _new_code(label, {*standing.positions, *(one.code for one in before)}),
        label=label, label_es=label_es, position=_between(others, standing.positions, command.place),
        offered=command.offered, facts=facts, effective_from=command.effective_from, decided_at=now,
        decided_by_id=actor.id,
    )  # fmt: skip
    session.add(made)
    session.flush()
    audit.record(
        session, actor_kind=actor.kind, actor_id=actor.id, act="program.list_decided", subject_kind="list",
        subject_id=made.id, now=now, list=living.name, code=made.code,
    )  # fmt: skip
    return made


def _check(
    living: Living[Any], before: Iterable[ListDecision], command: DecideEntry, label: str, label_es: str, today: date
) -> None:
    if command.effective_from < today:
        raise BadEntry("day", "past")
    if not command.offered and command.code in command.needed:
        raise BadEntry("offered", "needed")
    for name, text, needed in (("label", label, True), ("label_es", label_es, command.in_spanish)):
        if needed and not fold(text):
            raise BadEntry(name, "missing")
        if len(text) > LONGEST:
            raise BadEntry(name, "too_long")
        if not text.isprintable():
            raise BadEntry(name, "malformed")
    taken = {fold(word) for entry in living.first if entry.code != command.code
             for word in (entry.code, entry.label, *entry.also)}  # fmt: skip
    taken |= {fold(word) for one in before if one.code != command.code for word in (one.code, one.label)}
    if fold(label) in taken:
        raise BadEntry("label", "taken")


def _facts(living: Living[Any], known: Any, command: DecideEntry) -> dict[str, Any]:
    """The sector of an industry is chosen once: people's places in line hang on it."""
    if not hasattr(living.first[0], "sector"):
        return {}
    sector = known.sector if known is not None else command.sector
    if sector not in SECTORS:
        raise BadEntry("sector", "unknown")
    return {"sector": sector}


def _between(others: list[str], positions: Mapping[str, float], place: int) -> float:
    """A position before the entry that is now at a place, and after the one before it."""
    if not others:
        return STEP
    if place == 1:
        return positions[others[0]] - STEP
    if place > len(others):
        return positions[others[-1]] + STEP
    return (positions[others[place - 2]] + positions[others[place - 1]]) / 2


def _new_code(label: str, taken: set[str]) -> str:
    plain = "".join(letter if letter.isascii() and letter.isalnum() else " " for letter in label.casefold())
    stem = "_".join(plain.split())[:24].strip("_") or "entry"
    return next(code for code in (stem, *(f"{stem}_{n}" for n in range(2, 10_000))) if code not in taken)
