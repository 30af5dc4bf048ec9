"""Section A: the organization, redistribution, the two officers."""
