"""Settings of the programme, each with its history."""
