"""The Help Desk Portal, one room for each cluster of pages: asking for help, and answering."""

from app.portals.helpdesk.portal import portal
from app.web.rooms import open_rooms

open_rooms(__name__, __path__)

__all__ = ["portal"]
