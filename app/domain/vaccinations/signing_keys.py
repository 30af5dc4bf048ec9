"""The keys that sign health cards: the newest signs, all are published."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.accounts.access import Actor
from app.domain.vaccinations.models import HealthCard, SigningKey
from app.infra import audit
from app.infra.db import one_at_a_time
from app.infra.health_cards.keys import new_private_key, public_part


@dataclass(frozen=True, slots=True)
class Issuer:
    """In whose name cards are signed. `url` is https and has no final slash, as the framework demands."""

    url: str
    demonstration: bool


def issuer_of(public_url: str, *, demonstration: bool) -> Issuer:
    """The issuer of an installation: its public address, written as https even where a demonstration has none."""
    parts = urlsplit(public_url)
    return Issuer(f"https://{parts.netloc}{parts.path}".rstrip("/"), demonstration)


def current_key(session: Session, issuer: Issuer, *, now: datetime) -> SigningKey:
    """The key that signs now; the first one is made when it is first needed."""
    newest = _newest(session, issuer)
    if newest is None:
        one_at_a_time(session, "signing key")
        newest = _newest(session, issuer) or _made(session, issuer, now)
    return newest


def rotate_signing_key(session: Session, actor: Actor, issuer: Issuer, *, now: datetime) -> SigningKey:
    """Make a new key that signs from now on. Cards signed before stay valid: their keys stay published."""
    key = _made(session, issuer, now)
    audit.record(
        session, actor_kind=actor.kind, actor_id=actor.id, act="program.signing_key_changed",
        subject_kind="signing_key", subject_id=key.id, now=now, kid=key.kid,
    )  # fmt: skip
    return key


def published_keys(session: Session, *, demonstration: bool) -> list[dict[str, Any]]:
    """Public keys, newest first; `crlVersion` tells verifiers when a key's revocation list has grown."""
    counts = select(HealthCard.kid, func.count()).where(HealthCard.revoked_at.is_not(None)).group_by(HealthCard.kid)
    revoked = {row[0]: row[1] for row in session.execute(counts)}
    keys = session.scalars(
        select(SigningKey)
        .where(SigningKey.demonstration == demonstration)
        .order_by(SigningKey.made_at.desc(), SigningKey.id.desc())
    )
    return [{**key.public, "crlVersion": revoked[key.kid]} if key.kid in revoked else key.public for key in keys]


def revocation_list(session: Session, kid: str, *, demonstration: bool) -> dict[str, Any] | None:
    """Which cards of a key are no longer valid, as the framework writes it; None for a key that is not ours."""
    known = select(SigningKey.id).where(SigningKey.kid == kid, SigningKey.demonstration == demonstration)
    if not kid.isprintable() or session.scalar(known) is None:
        return None
    rids = session.scalars(
        select(HealthCard.rid).where(HealthCard.kid == kid, HealthCard.revoked_at.is_not(None)).order_by(HealthCard.rid)
    ).all()
    return {"kid": kid, "method": "rid", "ctr": len(rids), "rids": list(rids)}


def _newest(session: Session, issuer: Issuer) -> SigningKey | None:
    return session.scalar(
        select(SigningKey)
        .where(SigningKey.demonstration == issuer.demonstration)
        .order_by(SigningKey.made_at.desc(), SigningKey.id.desc())
        .limit(1)
    )


def _made(session: Session, issuer: Issuer, now: datetime) -> SigningKey:
    private = new_private_key()
    public = public_part(private)
    key = SigningKey(
        kid=public["kid"], public=public, private=private, demonstration=issuer.demonstration, made_at=now
    )
    session.add(key)
    session.flush()
    return key
