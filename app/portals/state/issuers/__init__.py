"""Other issuers of health cards: whom the state trusts, with which keys, and why no longer."""
