"""Paper forms for when the system is away."""
