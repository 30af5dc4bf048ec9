"""Whose health cards we trust beside our own, and how that came about."""
