"""The access log, searched: who read or changed what about whom. By person, by user, by period, by kind of act.

Every search runs along an index, and a page is found by its key: the log grows by millions of lines and is never cut.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, or_, select, union_all
from sqlalchemy.orm import Session, aliased

from app.domain.accounts.access import Actor, Permission
from app.domain.accounts.models import Account, SignInName
from app.domain.accounts.names import fold_name
from app.domain.oversight.acts import kind_of
from app.domain.oversight.places import names_of_places
from app.domain.oversight.records import codes_of_records
from app.domain.recipients.models import Recipient
from app.domain.recipients.records import kept_record, records_of
from app.infra import audit
from app.infra.audit import AuditEntry
from app.infra.db import Database
from app.infra.paging import Slice, pack, unpack

PAGE, CHUNK = 50, 2_000


@dataclass(frozen=True, slots=True)
class Asked:
    """What is looked for; None: all. `since` is within, `before` is not. `kind` is one of acts.KINDS."""

    person_id: UUID | None = None
    user_id: UUID | None = None
    since: datetime | None = None
    before: datetime | None = None
    kind: str | None = None


@dataclass(frozen=True, slots=True)
class LogLine:
    """One act. `by` is a user's name, "" where it was none (`by_kind` tells: system, link, device, person).

    `about` is the code of a person's record or the name of a user, "" for everything else (`about_kind`).
    """

    id: UUID
    at: datetime
    by: str
    by_kind: str
    by_id: UUID | None
    act: str
    about: str
    about_kind: str
    about_id: UUID | None
    place: str


def log_visible_to(actor: Actor) -> Select[AuditEntry]:
    """The one door to the log. Raises NotFound, NotAllowed."""
    actor.require(Permission.VIEW_ACCESS_LOG, at=None)
    return select(AuditEntry)


def search_log(
    session: Session, actor: Actor, asked: Asked, *, after: str | None = None, size: int = PAGE
) -> Slice[LogLine]:
    """A page, newest first. At most seven queries, however many lines there are."""
    door, key = log_visible_to(actor), _key(after)
    conditions = _conditions(session, asked)
    if key is not None:
        conditions.append(_earlier(AuditEntry, *key))
    if asked.kind is None:
        entries = _newest(session, door.where(*conditions), size + 1)
    else:
        acts = [act for act in acts_there_are(session) if kind_of(act) == asked.kind]
        if not acts:
            return Slice()
        if asked.person_id is not None or asked.user_id is not None:
            entries = _newest(session, door.where(*conditions, AuditEntry.act.in_(acts)), size + 1)
        else:
            entries = _newest_of_each(session, door.where(*conditions), acts, size + 1)
    shown = entries[:size]
    following = pack(shown[-1].at.isoformat(), shown[-1].id) if len(entries) > size else None
    return Slice(_lines(session, shown), following)


def export_log(database: Database, actor: Actor, asked: Asked, *, now: datetime) -> Iterator[LogLine]:
    """All lines until now, newest first, read in pieces: however many, memory stays small."""
    asked = replace(asked, before=min(now, asked.before) if asked.before else now)
    after = None
    while True:
        with database.reading() as session:
            found = search_log(session, actor, asked, after=after, size=CHUNK)
        yield from found.items
        if found.next_after is None:
            return
        after = found.next_after


def note_search(session: Session, actor: Actor, asked: Asked, *, exported: str = "", now: datetime) -> None:
    """Whoever searches the log is in the log."""
    audit.record(
        session, actor_kind=actor.kind, actor_id=actor.id, subject_kind="access_log",
        act="access_log.exported" if exported else "access_log.searched", subject_id=asked.person_id or asked.user_id,
        now=now, user=str(asked.user_id or ""), kind=asked.kind or "", ending=exported,
        since=asked.since.isoformat() if asked.since else "", before=asked.before.isoformat() if asked.before else "",
    )  # fmt: skip


def find_person(session: Session, actor: Actor, code: str) -> UUID | None:
    """The kept record with this code; None where nobody has it."""
    log_visible_to(actor)
    plain = "".join(sign for sign in code.upper() if sign.isalnum())
    found = session.scalar(select(Recipient.id).where(Recipient.code == plain)) if plain else None
    kept = kept_record(session, found)
    return kept.id if kept else None


def find_user(session: Session, actor: Actor, typed: str) -> list[UUID]:
    """The accounts with exactly this user name (in any portal) or e-mail address; three at most."""
    log_visible_to(actor)
    folded = fold_name(typed)
    by_name = select(SignInName.account_id).where(SignInName.name_folded == folded)
    by_mail = select(Account.id).where(Account.email_folded == folded)
    found = list(session.scalars(by_name.limit(3))) + list(session.scalars(by_mail.limit(3)))
    return list(dict.fromkeys(found))


def who_is(session: Session, actor: Actor, asked: Asked) -> tuple[str, str]:
    """The code of the person and the name of the user that are looked for; "" for none."""
    log_visible_to(actor)
    user = session.get(Account, asked.user_id) if asked.user_id else None
    code = codes_of_records(session, [asked.person_id]).get(asked.person_id, "") if asked.person_id else ""
    return code, user.full_name if user else ""


def acts_there_are(session: Session) -> list[str]:
    """Every act that the log knows, each found with one step along the index."""
    first = select(AuditEntry.act.label("act")).order_by(AuditEntry.act).limit(1).subquery()
    walk = select(first.c.act).cte("walk", recursive=True)
    other = aliased(AuditEntry)
    following = (
        select(other.act).where(other.act > walk.c.act).order_by(other.act).limit(1).correlate(walk).scalar_subquery()
    )
    walk = walk.union_all(select(following).where(walk.c.act.is_not(None)))
    return [act for act in session.scalars(select(walk.c.act)) if act is not None]


def _conditions(session: Session, asked: Asked) -> list[Any]:
    conditions: list[Any] = []
    if asked.person_id is not None:
        conditions.append(AuditEntry.subject_id.in_(list(records_of(session, [asked.person_id]))))
    if asked.user_id is not None:
        conditions.append(AuditEntry.actor_id == asked.user_id)
    if asked.since is not None:
        conditions.append(AuditEntry.at >= asked.since)
    if asked.before is not None:
        conditions.append(AuditEntry.at < asked.before)
    return conditions


def _key(after: str | None) -> tuple[datetime, UUID] | None:
    parts = unpack(after, 2)
    try:
        moment, seen = (datetime.fromisoformat(parts[0]), UUID(parts[1])) if parts else (None, None)
    except ValueError:
        return None
    return (moment, seen) if moment is not None and moment.tzinfo is not None and seen is not None else None


def _earlier(entry: type[AuditEntry], moment: datetime, seen: UUID) -> Any:
    return and_(entry.at <= moment, or_(entry.at < moment, and_(entry.at == moment, entry.id < seen)))


def _newest(session: Session, query: Select[AuditEntry], size: int) -> list[AuditEntry]:
    return list(session.scalars(query.order_by(AuditEntry.at.desc(), AuditEntry.id.desc()).limit(size)))


def _newest_of_each(session: Session, query: Select[AuditEntry], acts: list[str], size: int) -> list[AuditEntry]:
    """The newest of several acts: each act's own newest by its index, and of those the newest."""
    newest = [
        query.where(AuditEntry.act == act)
        .with_only_columns(AuditEntry.id, AuditEntry.at)
        .order_by(AuditEntry.at.desc(), AuditEntry.id.desc())
        .limit(size)
        .subquery()
        for act in acts
    ]
    every = union_all(*(select(one.c.id, one.c.at) for one in newest)).subquery()
    ids = list(session.scalars(select(every.c.id).order_by(every.c.at.desc(), every.c.id.desc()).limit(size)))
    # Put in order here: SQLite would walk the whole log in the order that is asked for until it met these few.
    found = session.scalars(select(AuditEntry).where(AuditEntry.id.in_(ids)))
    return sorted(found, key=lambda entry: (entry.at, entry.id), reverse=True)


def _lines(session: Session, entries: Iterable[AuditEntry]) -> list[LogLine]:
    shown = list(entries)
    people = {one.actor_id for one in shown if one.actor_kind == "person" and one.actor_id}
    people |= {one.subject_id for one in shown if one.subject_kind == "account" and one.subject_id}
    names = _names(session, people)
    codes = codes_of_records(session, (one.subject_id for one in shown if one.subject_kind in _OF_PEOPLE))
    places = names_of_places(session, (one.place_id for one in shown))
    return [
        LogLine(
            one.id, one.at, names.get(one.actor_id, "") if one.actor_id else "", one.actor_kind,
            one.actor_id if one.actor_id in names else None, one.act,
            (codes | names).get(one.subject_id, "") if one.subject_id else "", one.subject_kind, one.subject_id,
            places.get(one.place_id, "") if one.place_id else "",
        )
        for one in shown
    ]  # fmt: skip


_OF_PEOPLE = ("recipient", "access_log")


def _names(session: Session, ids: set[UUID]) -> dict[UUID, str]:
    if not ids:
        return {}
    query = select(Account.id, Account.first_name, Account.last_name).where(Account.id.in_(ids))
    return {id_: f"{first} {last}".strip() for id_, first, last in session.execute(query)}
