"""What supervisors steer."""

from app.portals.helpdesk.desk_settings import article_views, data_views, team_views

__all__ = ["article_views", "data_views", "team_views"]
