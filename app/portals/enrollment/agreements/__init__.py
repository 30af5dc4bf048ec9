"""The agreements: read, sign, and keep as PDF."""
