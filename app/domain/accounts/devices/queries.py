"""Kiosks of a location, and the kiosk behind a screen's cookie."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Select, or_, select, update
from sqlalchemy.orm import Session

from app.domain.accounts.access import Actor, GrantedRole, Permission, Role
from app.domain.accounts.devices.models import KioskDevice
from app.domain.accounts.sessions import hash_token
from app.domain.errors import NotFound
from app.infra.db import Database

SEEN_EVERY = timedelta(minutes=1)
MOST_SHOWN = 50


def kiosks_visible_to(actor: Actor) -> Select[KioskDevice]:
    """The one door to kiosks: those of the places that the actor manages."""
    return select(KioskDevice).where(KioskDevice.location_id.in_(actor.places(Permission.MANAGE_KIOSKS)))


def list_kiosks(session: Session, actor: Actor, location_id: UUID, *, now: datetime) -> list[KioskDevice]:
    """Those in use and those that wait for their screen, the newest first."""
    actor.require(Permission.MANAGE_KIOSKS, at=location_id)
    query = kiosks_visible_to(actor).where(
        KioskDevice.location_id == location_id,
        KioskDevice.revoked_at.is_(None),
        or_(KioskDevice.paired_at.is_not(None), KioskDevice.code_until > now),
    )
    return list(session.scalars(query.order_by(KioskDevice.id.desc()).limit(MOST_SHOWN)))


def get_kiosk(session: Session, actor: Actor, location_id: UUID, kiosk_id: UUID) -> KioskDevice:
    """One kiosk of a location. Raises NotFound, also for another location's."""
    actor.require(Permission.MANAGE_KIOSKS, at=location_id)
    found = session.scalar(
        kiosks_visible_to(actor).where(KioskDevice.id == kiosk_id, KioskDevice.location_id == location_id)
    )
    if found is None:
        raise NotFound(kiosk_id)
    return found


def kiosk_of_token(session: Session, token: str) -> KioskDevice | None:
    """The kiosk in use whose screen holds this token."""
    return session.scalar(
        select(KioskDevice).where(KioskDevice.token_hash == hash_token(token), KioskDevice.revoked_at.is_(None))
    )


def actor_of_kiosk(kiosk: KioskDevice) -> Actor:
    """A kiosk checks in at its location, and may nothing else anywhere."""
    return Actor("device", kiosk.id, (GrantedRole(Role.KIOSK, "location", kiosk.location_id),))


def note_seen(database: Database, kiosk_id: UUID, seen_at: datetime | None, *, now: datetime) -> None:
    """Remember that the screen was here, once a minute."""
    if seen_at is not None and now - seen_at < SEEN_EVERY:
        return
    with database.transaction() as session:
        session.execute(update(KioskDevice).where(KioskDevice.id == kiosk_id).values(seen_at=now))
