"""Other people's systems, in their own words."""
