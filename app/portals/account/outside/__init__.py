"""Signing in at an outside identity provider, and linking it to an account."""
