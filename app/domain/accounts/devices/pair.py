"""Use cases: a manager makes a code for a kiosk, the screen is paired with it, and a kiosk is taken out of use."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.accounts import attempts
from app.domain.accounts.access import Actor, Permission
from app.domain.accounts.devices.models import KioskDevice
from app.domain.accounts.devices.queries import get_kiosk
from app.domain.accounts.sessions import hash_token
from app.domain.errors import Refusal
from app.infra import audit
from app.infra.db import one_at_a_time

CODE_LASTS = timedelta(minutes=10)
MISSES, WITHIN = 10, timedelta(minutes=15)
THROTTLE = "pair-kiosk"
_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
_HALF = 4


class PairingRefused(Refusal):
    """No such code, too old, used or withdrawn: which of them is not told."""


class TooManyCodes(Refusal):
    """Too many wrong codes from one address: wait a quarter of an hour."""


@dataclass(frozen=True, slots=True)
class OfferPairing:
    """A new kiosk of a location, by the name that people there give it ("Front door").

    `code` and `lasts` are for demonstrations, whose code stands in a manual; others get a random one for ten minutes.
    """

    location_id: UUID
    name: str
    code: str = ""
    lasts: timedelta = CODE_LASTS


def offer_pairing(session: Session, actor: Actor, command: OfferPairing, *, now: datetime) -> KioskDevice:
    """A kiosk that waits for its screen. Its code works once."""
    actor.require(Permission.MANAGE_KIOSKS, at=command.location_id)
    code = command.code or "-".join("".join(secrets.choice(_ALPHABET) for _ in range(_HALF)) for _ in range(2))
    made = KioskDevice(
        location_id=command.location_id, name=command.name, made_at=now, made_by_id=actor.id, code=code,
        code_hash=_hash_code(code), code_until=now + command.lasts,
    )  # fmt: skip
    session.add(made)
    session.flush()
    _record(session, actor, "kiosk.offered", made, now)
    return made


def pair(session: Session, typed: str, *, address: str, now: datetime) -> tuple[KioskDevice, str]:
    """The kiosk of this code, and the token for the screen's cookie. Raises PairingRefused, TooManyCodes.

    A refused code is counted by `note_wrong_code`, after the transaction.
    """
    if attempts.blocked(session, THROTTLE, address, limit=MISSES, within=WITHIN, now=now):
        raise TooManyCodes
    one_at_a_time(session, "pair-kiosk")
    found = session.scalar(select(KioskDevice).where(KioskDevice.code_hash == _hash_code(typed)))
    if found is None or found.revoked_at is not None or found.code_until <= now:
        raise PairingRefused
    token = secrets.token_urlsafe(32)
    found.code = found.code_hash = None
    found.token_hash, found.paired_at, found.seen_at = hash_token(token), now, now
    session.flush()
    _record(session, Actor("device", found.id), "kiosk.paired", found, now)
    return found, token


def revoke_kiosk(session: Session, actor: Actor, location_id: UUID, kiosk_id: UUID, *, now: datetime) -> KioskDevice:
    """From now on the screen opens nothing, and its code pairs nothing. Raises NotFound."""
    found = get_kiosk(session, actor, location_id, kiosk_id)
    if found.revoked_at is None:
        found.revoked_at, found.revoked_by_id = now, actor.id
        found.code = found.code_hash = found.token_hash = None
        session.flush()
        _record(session, actor, "kiosk.revoked", found, now)
    return found


def _hash_code(typed: str) -> str:
    return hash_token("".join(sign for sign in typed.upper() if sign.isalnum()))


def _record(session: Session, actor: Actor, act: str, kiosk: KioskDevice, now: datetime) -> None:
    audit.record(
        session, actor_kind=actor.kind, actor_id=actor.id, act=act, subject_kind="kiosk", subject_id=kiosk.id,
        place_id=kiosk.location_id, now=now,
    )  # fmt: skip
