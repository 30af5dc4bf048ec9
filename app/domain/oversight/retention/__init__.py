"""What is not kept for ever, and the nightly round that lets it go."""
