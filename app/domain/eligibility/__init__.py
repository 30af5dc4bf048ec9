"""Who may be vaccinated when: the state's plans with their groups and openings, and what they mean for each person."""
