"""A code on paper lets a person in who has no e-mail."""
