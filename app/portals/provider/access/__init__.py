"""A person without e-mail gets a code on paper."""
