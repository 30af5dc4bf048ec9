"""The pages of figures."""

from app.portals.state.dashboards import county_views, figure_views, population_views

__all__ = ["county_views", "figure_views", "population_views"]
