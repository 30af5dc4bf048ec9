"""A person's own record and proof of vaccination."""
