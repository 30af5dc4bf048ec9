"""Settings of the program, each with its history."""
