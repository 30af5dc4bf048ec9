"""Federal reporting: each day's extract, what it held back, and its files."""
