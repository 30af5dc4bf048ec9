"""Notices on the pages, planned downtime, and the time in which the program can only be read."""
