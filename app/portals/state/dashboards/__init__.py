"""Dashboards: the program in figures, for staff who may view them."""
