"""The shared screen at a clinic's door."""

from app.portals.kiosk import pairing_views, views
from app.portals.kiosk.portal import portal

__all__ = ["pairing_views", "portal", "views"]
