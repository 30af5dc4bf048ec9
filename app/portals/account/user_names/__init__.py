"""Find your user name."""
