"""Notices, planned downtime, and the program that rests."""
