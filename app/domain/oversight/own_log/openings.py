"""Who opened a person's record: when, from which place, and what for. Never names of staff."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from sqlalchemy import Select, and_, or_, select
from sqlalchemy.orm import Session

from app.domain.accounts.access import Actor, Permission, Role
from app.domain.accounts.models import Grant
from app.domain.organizations.models import Organization
from app.domain.oversight.own_log.of_many import OfMany, acts_on_many
from app.domain.providers.models import Location
from app.domain.recipients.own_record import own_recipient
from app.domain.recipients.records import records_of
from app.infra.audit import AuditEntry
from app.infra.paging import Slice, pack, unpack

PAGE = 25
Who = Literal["you", "guardian", "location", "organization", "kiosk", "program", "help_desk", "link", "system", "other"]
OF_PERSON = ("recipient", "access_log")
"""Kinds of entries that name the person: what was done to the record, and searches of the log for it."""


@dataclass(frozen=True, slots=True)
class Opening:
    """One entry. `place` is the name of the clinic or employer, "" for everybody else; `act` as in the log.

    `detail`: of an extract to CDC what it tells of people, D (without names and streets) or I; of a recall whether of a
    lot or of a vaccine; "" for all else.
    """

    at: datetime
    who: Who
    place: str
    act: str
    detail: str = ""


def openings_of(
    session: Session, actor: Actor, recipient_id: UUID, *, after: str | None = None, size: int = PAGE
) -> Slice[Opening]:
    """What anybody read or changed in the record, newest first, a page at a time: at most nine queries. Raises NotFound.

    With it stands what was done to many people at once, where the person was one of them.
    """
    person = own_recipient(session, actor, recipient_id, Permission.VIEW_OWN_RECORD)
    records = list(records_of(session, [person.id]))
    of_many = acts_on_many(session, records)
    entries = session.scalars(_entries(records, after, of_many).limit(size + 1)).all()
    shown = entries[:size]
    places = _places(session, shown)
    roles = _roles(session, shown, records)
    details = {id_: detail for one in of_many for id_, detail in one.subjects.items()}
    found = [_opening(entry, places, roles, details) for entry in shown]
    following = pack(shown[-1].at.isoformat(), shown[-1].id) if len(entries) > size else None
    return Slice(found, following)


def _entries(records: list[UUID], after: str | None, of_many: Sequence[OfMany] = ()) -> Select[AuditEntry]:
    own = AuditEntry.subject_kind.in_(OF_PERSON)
    subjects = [*records, *(id_ for one in of_many for id_ in one.subjects)]
    conditions = (one.condition for one in of_many)
    query = select(AuditEntry).where(AuditEntry.subject_id.in_(subjects), or_(own, *conditions))
    key = unpack(after, 2)
    try:
        moment, seen = (datetime.fromisoformat(key[0]), UUID(key[1])) if key else (None, None)
    except ValueError:
        moment = None
    if moment is not None and moment.tzinfo is not None:
        query = query.where(
            AuditEntry.at <= moment,
            or_(AuditEntry.at < moment, and_(AuditEntry.at == moment, AuditEntry.id < seen)),
        )
    return query.order_by(AuditEntry.at.desc(), AuditEntry.id.desc())


def _places(session: Session, entries: Sequence[AuditEntry]) -> dict[UUID, tuple[Who, str]]:
    """The names of clinics and employers."""
    ids = {entry.place_id for entry in entries if entry.place_id is not None}
    found: dict[UUID, tuple[Who, str]] = {}
    for table, who in ((Location, "location"), (Organization, "organization")):
        if ids - found.keys():
            rows = session.execute(select(table.id, table.name).where(table.id.in_(ids - found.keys())))
            found |= {id_: (who, name) for id_, name in rows}  # type: ignore[misc]
    return found


def _roles(session: Session, entries: Sequence[AuditEntry], records: list[UUID]) -> dict[UUID, Who]:
    """What the actors without a place are to this person, by the rights they have or had."""
    actors = {entry.actor_id for entry in entries if entry.actor_id is not None}
    rows = session.execute(
        select(Grant.account_id, Grant.role, Grant.scope_kind, Grant.scope_id)
        .where(Grant.account_id.in_(actors))
        .where(or_(Grant.scope_kind.in_(("program", "team")), Grant.scope_id.in_(records)))
    )
    found: dict[UUID, Who] = {}
    for account_id, role, scope_kind, scope_id in rows:
        if scope_id in records:
            found[account_id] = "you" if role == Role.RECIPIENT else "guardian"
        elif scope_kind == "program":
            found.setdefault(account_id, "program")
        elif scope_kind == "team":
            found.setdefault(account_id, "help_desk")
    return found


def _opening(
    entry: AuditEntry, places: dict[UUID, tuple[Who, str]], roles: dict[UUID, Who], details: dict[UUID, str]
) -> Opening:
    who, place = places.get(entry.place_id, ("other", "")) if entry.place_id else ("other", "")
    if entry.actor_kind == "device" and who == "location":
        who = "kiosk"
    if who == "other":
        by_kind: dict[str, Who] = {"system": "system", "link": "link"}
        who = by_kind.get(entry.actor_kind) or (roles.get(entry.actor_id, "other") if entry.actor_id else "other")
    return Opening(entry.at, who, place, entry.act, details.get(entry.subject_id, "") if entry.subject_id else "")
