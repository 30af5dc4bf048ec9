"""Who opened a person's record, for that person to read."""
