"""Kiosks, and the browsers that are them. Every maker commits."""

from sqlalchemy.orm import Session

from app.domain.accounts.access import system
from app.domain.accounts.devices.models import KioskDevice
from app.domain.accounts.devices.pair import OfferPairing, offer_pairing, pair
from app.domain.providers.models import Location
from app.infra import clock
from tests.browserless import Site


def offered(session: Session, at: Location, name: str = "Front door") -> KioskDevice:
    """A kiosk that waits for its screen."""
    made = offer_pairing(session, system("test"), OfferPairing(at.id, name), now=clock.now())
    session.commit()
    return made


def kiosk(session: Session, at: Location, name: str = "Front door") -> tuple[KioskDevice, str]:
    """A kiosk in use, and the token of its screen."""
    waiting = offered(session, at, name)
    made, token = pair(session, waiting.code, address="test", now=clock.now())
    session.commit()
    return made, token


def screen(site: Site, token: str) -> Site:
    """A browser that nobody signed in to, and that is this kiosk."""
    site.anonymous().client.set_cookie("cvms_kiosk", token, path="/kiosk")
    return site
