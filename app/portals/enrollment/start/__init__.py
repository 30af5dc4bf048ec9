"""The way in: what it takes, registering an organization, and the enrollments that one has."""
