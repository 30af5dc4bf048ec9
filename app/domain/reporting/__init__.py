"""Figures over all areas: what waits, what happened, what is reported."""
