"""How often somebody may guess."""

from datetime import timedelta

WHAT = "proof-check"
MISSES = 30
WINDOW = timedelta(minutes=15)
