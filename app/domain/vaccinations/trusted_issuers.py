"""Whose health cards we can check beside our own: a directory that staff maintain, with every decision about it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from app.domain.accounts.access import Actor, Permission
from app.domain.accounts.models import Account
from app.domain.errors import NotFound, Refusal
from app.domain.vaccinations.issuers.models import IssuerChange
from app.domain.vaccinations.models import TrustedIssuer
from app.infra import audit
from app.infra.db import one_at_a_time
from app.infra.health_cards.keys import BadKey, read_public_key
from app.infra.paging import Slice, pack, unpack

MOST_KEYS = 100
LONGEST_REASON = 255
PAGE = 50


class BadIssuer(Refusal):
    """An issuer that cannot be trusted as given. `field`: url, name, key_list or reason; the text says why."""

    def __init__(self, field: str, why: str) -> None:
        super().__init__(why)
        self.field = field


@dataclass(frozen=True, slots=True)
class TrustIssuer:
    """`url` as cards name it in `iss`; `key_list` is the content of its jwks.json. `own_url` is ours, never another's."""

    url: str
    name: str
    key_list: Any
    own_url: str = ""


@dataclass(frozen=True, slots=True)
class ToldChange:
    """A decision and the name of who made it; "" for a command."""

    change: IssuerChange
    made_by: str


def trust_issuer(session: Session, actor: Actor, command: TrustIssuer, *, now: datetime) -> TrustedIssuer:
    """Enter an issuer with its keys, or give one that is known its present ones. Raises BadIssuer, NotAllowed."""
    actor.require(Permission.CHANGE_SETTINGS, at=None)
    if _https_only(command.url) != command.url:
        raise BadIssuer("url", "the address must be https, without a final slash, as in https://example.org/cards")
    if command.url == command.own_url:
        raise BadIssuer("url", "this is our own address: our cards are checked by our own books")
    name = " ".join(command.name.split())
    if not 0 < len(name) <= 120 or not name.isprintable():
        raise BadIssuer("name", "the name must have 1 to 120 letters")
    keys = _keys_of(command.key_list)
    one_at_a_time(session, f"issuer:{command.url}")
    issuer = session.scalar(select(TrustedIssuer).where(TrustedIssuer.url == command.url))
    if issuer is not None and (issuer.name, issuer.keys) == (name, keys):
        return issuer
    kind = "trusted" if issuer is None else "changed"
    if issuer is None:
        issuer = TrustedIssuer(url=command.url)
        session.add(issuer)
    issuer.name, issuer.keys, issuer.changed_at = name, keys, now
    session.flush()
    _note(session, actor, issuer, kind, now=now)
    return issuer


def distrust_issuer(session: Session, actor: Actor, url: str, *, reason: str, now: datetime) -> bool:
    """Forget an issuer: its cards are not known any more. False when it was not known. Raises BadIssuer, NotAllowed."""
    actor.require(Permission.CHANGE_SETTINGS, at=None)
    said = reason.strip()
    if not 0 < len(said) <= LONGEST_REASON:
        raise BadIssuer("reason", f"the reason must have 1 to {LONGEST_REASON} letters")
    one_at_a_time(session, f"issuer:{url}")
    issuer = session.scalar(select(TrustedIssuer).where(TrustedIssuer.url == url))
    if issuer is None:
        return False
    _note(session, actor, issuer, "ended", now=now, reason=said)
    session.delete(issuer)
    session.flush()
    return True


def list_issuers(session: Session, actor: Actor, *, after: str | None = None, size: int = PAGE) -> Slice[TrustedIssuer]:
    """Those that are trusted, by name. Raises NotAllowed."""
    actor.require(Permission.CHANGE_SETTINGS, at=None)
    query = select(TrustedIssuer).order_by(TrustedIssuer.name, TrustedIssuer.id).limit(size + 1)
    key = unpack(after, 2)
    if key:
        query = query.where(tuple_(TrustedIssuer.name, TrustedIssuer.id) > (key[0], UUID(key[1])))
    found = list(session.scalars(query))
    following = pack(found[size - 1].name, found[size - 1].id) if len(found) > size else None
    return Slice(found[:size], following)


def get_issuer(session: Session, actor: Actor, issuer_id: UUID) -> TrustedIssuer:
    """One that is trusted. Raises NotFound, NotAllowed."""
    actor.require(Permission.CHANGE_SETTINGS, at=None)
    issuer = session.get(TrustedIssuer, issuer_id)
    if issuer is None:
        raise NotFound
    return issuer


def changes_of_issuers(
    session: Session, actor: Actor, *, url: str | None = None, after: str | None = None, size: int = PAGE
) -> Slice[ToldChange]:
    """What was decided, newest first: about all, or about one address. Raises NotAllowed."""
    actor.require(Permission.CHANGE_SETTINGS, at=None)
    query = (
        select(IssuerChange, Account)
        .outerjoin(Account, Account.id == IssuerChange.made_by_id)
        .order_by(IssuerChange.id.desc())
        .limit(size + 1)
    )
    if url is not None:
        query = query.where(IssuerChange.url == url)
    key = unpack(after, 1)
    if key:
        query = query.where(IssuerChange.id < UUID(key[0]))
    rows = session.execute(query).all()
    told = [ToldChange(change, account.full_name if account else "") for change, account in rows[:size]]
    return Slice(told, pack(told[-1].change.id) if len(rows) > size else None)


def _note(
    session: Session, actor: Actor, issuer: TrustedIssuer, kind: str, *, now: datetime, reason: str = ""
) -> None:
    kids = [key["kid"] for key in issuer.keys]
    session.add(
        IssuerChange(
            url=issuer.url, name=issuer.name, kind=kind, keys=kids, reason=reason, made_at=now, made_by_id=actor.id
        )
    )
    audit.record(
        session, actor_kind=actor.kind, actor_id=actor.id,
        act="program.issuer_distrusted" if kind == "ended" else "program.issuer_trusted",
        subject_kind="trusted_issuer", subject_id=issuer.id, now=now, url=issuer.url, keys=kids,
    )  # fmt: skip
    session.flush()


def _https_only(url: str) -> str | None:
    try:
        parts = urlsplit(url)
        plain = parts.scheme == "https" and parts.hostname and not (parts.query or parts.fragment or parts.username)
    except ValueError:
        return None
    fits = len(url) <= 200 and url.isascii() and url.isprintable() and " " not in url and not url.endswith("/")
    return url if plain and fits else None


def _keys_of(key_list: Any) -> list[dict[str, Any]]:
    keys = key_list.get("keys") if isinstance(key_list, dict) else None
    if not isinstance(keys, list) or not 0 < len(keys) <= MOST_KEYS:
        raise BadIssuer("key_list", f'the list must look like {{"keys": [...]}} and hold 1 to {MOST_KEYS} keys')
    try:
        return [read_public_key(key) for key in keys]
    except BadKey as error:
        raise BadIssuer("key_list", str(error)) from error
