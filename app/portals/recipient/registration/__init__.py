"""The registration in steps, and changing its answers later."""
