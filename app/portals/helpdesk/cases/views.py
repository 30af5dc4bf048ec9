"""A case as its requester sees it."""

from app.portals.helpdesk.cases import link_views, own_views

__all__ = ["link_views", "own_views"]
