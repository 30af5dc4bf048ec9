"""Ways in for a person: self-registration, a paper code, another e-mail address."""
