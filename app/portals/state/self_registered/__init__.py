"""Self-registered people who look like somebody on record."""
