"""Whether it runs, whether it may get visitors, and its figures for those who watch it."""
