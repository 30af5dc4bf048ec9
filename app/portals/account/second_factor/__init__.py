"""The second factor: asked for after the password, set up, and looked after."""
