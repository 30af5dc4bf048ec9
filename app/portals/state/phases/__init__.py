"""Priority groups: what is open where, and changing it."""
