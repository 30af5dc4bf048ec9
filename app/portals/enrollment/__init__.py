"""The pages of the enrollment portal, one room for each cluster."""

from app.portals.enrollment.portal import portal
from app.web.rooms import open_rooms

open_rooms(__name__, __path__)

__all__ = ["portal"]
