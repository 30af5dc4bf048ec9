"""The shared screen at a clinic's door."""

from app.portals.kiosk import offline_views, pairing_views, views
from app.portals.kiosk.portal import portal

__all__ = ["offline_views", "pairing_views", "portal", "views"]
