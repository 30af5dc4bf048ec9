"""Everything that is held about a person, to take along."""
