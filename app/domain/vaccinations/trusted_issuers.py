"""Whose health cards we can check beside our own: a directory that staff maintain."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.domain.accounts.access import Actor
from app.domain.vaccinations.models import TrustedIssuer
from app.infra import audit
from app.infra.health_cards.keys import BadKey, read_public_key

MOST_KEYS = 100


class BadIssuer(Exception):
    """An issuer that cannot be trusted as given; the text says why."""


@dataclass(frozen=True, slots=True)
class TrustIssuer:
    """`url` as cards name it in `iss`; `key_list` is the content of its jwks.json."""

    url: str
    name: str
    key_list: Any


def trust_issuer(session: Session, actor: Actor, command: TrustIssuer, *, now: datetime) -> TrustedIssuer:
    """Enter an issuer with its keys, or give one that is known its present keys. Raises BadIssuer."""
    if _https_only(command.url) != command.url:
        raise BadIssuer("the address must be https, without a final slash, as in https://example.org/cards")
    name = " ".join(command.name.split())
    if not 0 < len(name) <= 120:
        raise BadIssuer("the name must have 1 to 120 letters")
    keys = _keys_of(command.key_list)
    issuer = session.scalar(select(TrustedIssuer).where(TrustedIssuer.url == command.url))
    if issuer is None:
        issuer = TrustedIssuer(url=command.url)
        session.add(issuer)
    issuer.name, issuer.keys, issuer.changed_at = name, keys, now
    session.flush()
    audit.record(
        session, actor_kind=actor.kind, actor_id=actor.id, act="program.issuer_trusted", subject_kind="trusted_issuer",
        subject_id=issuer.id, now=now, url=issuer.url, keys=[key["kid"] for key in keys],
    )  # fmt: skip
    return issuer


def distrust_issuer(session: Session, actor: Actor, url: str, *, now: datetime) -> bool:
    """Forget an issuer: its cards are not known any more. False when it was not known."""
    gone = session.scalar(delete(TrustedIssuer).where(TrustedIssuer.url == url).returning(TrustedIssuer.id))
    if gone is None:
        return False
    audit.record(
        session, actor_kind=actor.kind, actor_id=actor.id, act="program.issuer_distrusted",
        subject_kind="trusted_issuer", subject_id=gone, now=now, url=url,
    )  # fmt: skip
    return True


def list_issuers(session: Session) -> list[TrustedIssuer]:
    """All of them, by name."""
    return list(session.scalars(select(TrustedIssuer).order_by(TrustedIssuer.name)))


def _https_only(url: str) -> str | None:
    parts = urlsplit(url)
    plain = parts.scheme == "https" and parts.hostname and not (parts.query or parts.fragment or parts.username)
    return url if plain and len(url) <= 200 and url.isascii() and not url.endswith("/") else None


def _keys_of(key_list: Any) -> list[dict[str, Any]]:
    keys = key_list.get("keys") if isinstance(key_list, dict) else None
    if not isinstance(keys, list) or not 0 < len(keys) <= MOST_KEYS:
        raise BadIssuer(f'the list must look like {{"keys": [...]}} and hold 1 to {MOST_KEYS} keys')
    try:
        return [read_public_key(key) for key in keys]
    except BadKey as error:
        raise BadIssuer(str(error)) from error
