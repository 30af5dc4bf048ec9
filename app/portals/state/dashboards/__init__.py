"""Dashboards: the programme in figures, for staff who may view them."""
