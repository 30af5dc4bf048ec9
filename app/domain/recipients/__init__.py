"""Persons: their rows in uploads, matching, merging, registration and eligibility."""
