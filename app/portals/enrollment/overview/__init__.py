"""Where an enrollment stands, what is whose to do next, and what happened so far."""
