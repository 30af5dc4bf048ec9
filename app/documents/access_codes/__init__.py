"""The sheet with an access code."""
