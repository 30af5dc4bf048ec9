"""One room of the Help Desk Portal."""
