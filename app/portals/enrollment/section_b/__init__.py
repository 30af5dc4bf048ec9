"""Section B of one location: what its Vaccine Coordinator fills in, step by step."""
