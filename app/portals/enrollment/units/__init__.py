"""The storage units of a location, each with its two pictures."""
