"""Who opened a person's record, for the person to read: when, from which place, and what for. Never names of staff."""

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
from app.domain.providers.models import Location
from app.domain.recipients.models import Listing, Recipient
from app.domain.recipients.own_record import own_recipient
from app.infra.audit import AuditEntry
from app.infra.paging import Slice, pack, unpack

PAGE = 25
Who = Literal["you", "guardian", "location", "organization", "kiosk", "program", "help_desk", "link", "system", "other"]
OF_LISTS = ("recipients.exported", "inventory.history_exported")
"""Acts on all people of a place at once: the log names the place, and whoever is in its list may have been on it."""


@dataclass(frozen=True, slots=True)
class Opening:
    """One entry. `place` is the name of the clinic or employer, "" for everybody else; `act` as in the log."""

    at: datetime
    who: Who
    place: str
    act: str


def openings_of(
    session: Session, actor: Actor, recipient_id: UUID, *, after: str | None = None, size: int = PAGE
) -> Slice[Opening]:
    """What anybody read or changed in the record, newest first, a page at a time: seven queries. Raises NotFound.

    With it stand the exports of places in whose lists the person is.
    """
    person = own_recipient(session, actor, recipient_id, Permission.VIEW_OWN_RECORD)
    records = [person.id, *session.scalars(select(Recipient.id).where(Recipient.merged_into_id == person.id))]
    entries = session.scalars(_entries(records, after, _listed_at(session, records)).limit(size + 1)).all()
    shown = entries[:size]
    places = _places(session, shown)
    roles = _roles(session, shown, records)
    found = [_opening(entry, places, roles) for entry in shown]
    following = pack(shown[-1].at.isoformat(), shown[-1].id) if len(entries) > size else None
    return Slice(found, following)


def _listed_at(session: Session, records: list[UUID]) -> list[tuple[UUID, datetime]]:
    """The places that know the person, and since when."""
    rows = session.execute(select(Listing.scope_id, Listing.listed_at).where(Listing.recipient_id.in_(records)))
    return [(place_id, since) for place_id, since in rows]


def _entries(
    records: list[UUID], after: str | None, listed: Sequence[tuple[UUID, datetime]] = ()
) -> Select[AuditEntry]:
    own = AuditEntry.subject_kind == "recipient"
    lists = [
        and_(AuditEntry.act.in_(OF_LISTS), AuditEntry.subject_id == place_id, AuditEntry.at >= since)
        for place_id, since in listed
    ]
    subjects = [*records, *(place_id for place_id, _since in listed)]
    query = select(AuditEntry).where(AuditEntry.subject_id.in_(subjects), or_(own, *lists))
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


def _opening(entry: AuditEntry, places: dict[UUID, tuple[Who, str]], roles: dict[UUID, Who]) -> Opening:
    who, place = places.get(entry.place_id, ("other", "")) if entry.place_id else ("other", "")
    if entry.actor_kind == "device" and who == "location":
        who = "kiosk"
    if who == "other":
        by_kind: dict[str, Who] = {"system": "system", "link": "link"}
        who = by_kind.get(entry.actor_kind) or (roles.get(entry.actor_id, "other") if entry.actor_id else "other")
    return Opening(entry.at, who, place, entry.act)
