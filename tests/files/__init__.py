"""Files as people send them, good and bad, made when a test needs them."""
