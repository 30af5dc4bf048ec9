"""Everybody with an account, found by name, user name or e-mail address, by role and by place."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, literal, select, union_all
from sqlalchemy.orm import Session

from app.domain.accounts.access import Actor, Permission, Role
from app.domain.accounts.models import REALMS, Account, Grant, SignInName, SignInSession
from app.domain.accounts.names import fold_name
from app.domain.oversight.places import names_of_places
from app.infra.paging import Slice, pack, unpack
from app.infra.search import fold, starts_with

PAGE = 50
LONGEST, MOST_WORDS, FEWEST_LETTERS = 100, 4, 2
STATE_ROLES = tuple(
    role.value for role in (Role.STATE_ADMINISTRATOR, Role.STATE_STAFF, Role.STATE_VIEWER, Role.PRIVACY_OFFICER)
)
Status = Literal["active", "quiet", "asleep", "closed"]


@dataclass(frozen=True, slots=True)
class RoleAt:
    """A role that is held, and the name of the place ("" where it is the whole program, or somebody's record)."""

    role: Role
    place: str


@dataclass(frozen=True, slots=True)
class User:
    """One line of the list. `names` are user names; quiet: never signed in since sessions are kept."""

    id: UUID
    full_name: str
    email: str
    names: tuple[str, ...]
    roles: tuple[RoleAt, ...]
    status: Status
    last_sign_in: datetime | None


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for; everything empty means those who work for the program."""

    typed: str = ""
    role: Role | None = None
    places: tuple[UUID, ...] | None = None


def users_visible_to(actor: Actor) -> Select[Account]:
    """The one door to the users of the whole program. Raises NotFound, NotAllowed."""
    actor.require(Permission.MANAGE_STAFF, at=None)
    return select(Account)


def find_users(
    session: Session, actor: Actor, wanted: Wanted, *, after: str | None = None, size: int = PAGE
) -> Slice[User]:
    """A page of users.

    By what is typed: the first `size`, user names and addresses before names; there is no next page, more letters
    narrow it. By role or place alone: the newest roles first, paged by key.
    """
    if wanted.typed.strip():
        ids = _by_text(session, actor, wanted, size)
        return Slice(_as_lines(session, actor, ids))
    return _by_role(session, actor, wanted, after, size)


def records_of_users(session: Session, actor: Actor, account_ids: Iterable[UUID]) -> list[UUID]:
    """The records of those among the users who are recipients themselves: one query. Raises NotFound, NotAllowed."""
    users_visible_to(actor)
    own = (Grant.account_id.in_(list(account_ids)), Grant.role == Role.RECIPIENT.value, Grant.scope_id.is_not(None))
    return [id_ for id_ in session.scalars(select(Grant.scope_id).where(*own).distinct()) if id_ is not None]


def is_too_short(typed: str) -> bool:
    """True for a text of which too many would begin with it."""
    return 0 < len(typed.strip()) < FEWEST_LETTERS


def _by_text(session: Session, actor: Actor, wanted: Wanted, size: int) -> list[UUID]:
    typed = wanted.typed.strip()[:LONGEST]
    if is_too_short(typed):
        return []
    among, folded = _holding(wanted), fold_name(typed)
    parts: list[Any] = [
        _part(
            select(SignInName.account_id.label("id"))
            .where(SignInName.realm.in_(REALMS), starts_with(SignInName.name_folded, folded))
            .where(*_through(SignInName.account_id, wanted)),
            0, size,
        ),
        _part(
            users_visible_to(actor).with_only_columns(Account.id).where(starts_with(Account.email_folded, folded), *among),
            1, size,
        ),
    ]  # fmt: skip
    if "@" not in typed:
        for place, (condition, order) in enumerate(_ways(fold(typed)), start=2):
            named = users_visible_to(actor).with_only_columns(Account.id).where(condition, *among)
            parts.append(_part(named.order_by(*order), place, size))
    rows = session.execute(union_all(*parts)).all()
    return list(dict.fromkeys(row[0] for row in sorted(rows, key=lambda row: row[1])))[:size]


def _part(query: Select[Any], place: int, size: int) -> Select[Any]:
    """One limited part of the search: its ids, and where it stands among the others."""
    inner = query.limit(size).subquery()
    return select(inner.c[0], literal(place))


def _ways(folded: str) -> Iterable[tuple[ColumnElement[bool], tuple[Any, ...]]]:
    """First and last name that begin as typed, in either order; each way is answered by an index."""
    words = folded.split()[:MOST_WORDS]
    if not words:
        return
    first, last = Account.first_folded, Account.last_folded
    by_last, by_first = (last, first, Account.id), (first, last, Account.id)
    whole = " ".join(words)
    yield starts_with(last, whole), by_last
    yield starts_with(first, whole), by_first
    for place in range(1, len(words)):
        left, right = " ".join(words[:place]), " ".join(words[place:])
        yield and_(starts_with(last, right), starts_with(first, left)), by_last
        yield and_(starts_with(last, left), starts_with(first, right)), by_last


def _holding(wanted: Wanted) -> list[ColumnElement[bool]]:
    return _through(Account.id, wanted)


def _through(account_id: Any, wanted: Wanted) -> list[ColumnElement[bool]]:
    """That the account holds the wanted role, at one of the wanted places."""
    if wanted.role is None and wanted.places is None:
        return []
    held = select(Grant.id).where(Grant.account_id == account_id, Grant.ended_at.is_(None), *_of_grant(wanted))
    return [held.exists()]


def _of_grant(wanted: Wanted) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.role is not None:
        conditions.append(Grant.role == wanted.role.value)
    if wanted.places is not None:
        conditions.append(Grant.scope_id.in_(wanted.places))
    return conditions


def _by_role(session: Session, actor: Actor, wanted: Wanted, after: str | None, size: int) -> Slice[User]:
    actor.require(Permission.MANAGE_STAFF, at=None)
    query = select(Grant.id, Grant.account_id).where(Grant.ended_at.is_(None), *_of_grant(wanted))
    if wanted.role is None and wanted.places is None:
        query = query.where(Grant.role.in_(STATE_ROLES))
    key = unpack(after, 1)
    try:
        seen = UUID(key[0]) if key else None
    except ValueError:
        seen = None
    if seen is not None:
        query = query.where(Grant.id < seen)
    rows = session.execute(query.order_by(Grant.id.desc()).limit(size + 1)).all()
    shown = rows[:size]
    ids = list(dict.fromkeys(account_id for _, account_id in shown))
    return Slice(_as_lines(session, actor, ids), pack(shown[-1][0]) if len(rows) > size else None)


def _as_lines(session: Session, actor: Actor, ids: list[UUID]) -> list[User]:
    """In the order of the ids: five queries, however many."""
    if not ids:
        return []
    accounts = {one.id: one for one in session.scalars(users_visible_to(actor).where(Account.id.in_(ids)))}
    names: dict[UUID, list[str]] = {}
    query = select(SignInName.account_id, SignInName.name).where(SignInName.account_id.in_(ids))
    for account_id, name in session.execute(query.order_by(SignInName.id)):
        names.setdefault(account_id, []).append(name)
    held = session.scalars(select(Grant).where(Grant.account_id.in_(ids), Grant.ended_at.is_(None)).order_by(Grant.id))
    grants: dict[UUID, list[Grant]] = {}
    for grant in held:
        grants.setdefault(grant.account_id, []).append(grant)
    places = names_of_places(session, (grant.scope_id for some in grants.values() for grant in some))
    seen = last_sign_ins(session, ids)
    return [
        User(
            id_, accounts[id_].full_name, accounts[id_].email or "", tuple(names.get(id_, ())),
            tuple(RoleAt(Role(one.role), places.get(one.scope_id, "") if one.scope_id else "") for one in grants.get(id_, ())),
            status_of(accounts[id_], seen.get(id_)), seen.get(id_),
        )
        for id_ in ids if id_ in accounts
    ]  # fmt: skip


def status_of(account: Account, last_sign_in: datetime | None) -> Status:
    """How an account stands."""
    if account.closed_at is not None:
        return "closed"
    if account.slept_at is not None:
        return "asleep"
    return "active" if last_sign_in else "quiet"


def last_sign_ins(session: Session, ids: Iterable[UUID]) -> dict[UUID, datetime]:
    """When each of some accounts signed in the last time; those that never did are missing."""
    rows = session.execute(
        select(SignInSession.account_id, func.max(SignInSession.started_at))
        .where(SignInSession.account_id.in_(list(ids)))
        .group_by(SignInSession.account_id)
    )
    return {account_id: at for account_id, at in rows}  # noqa: C416 - a Row is no pair to mypy
