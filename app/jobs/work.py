"""The jobs by name, and the queue that wakes them."""

from app.infra.queue import Queue

MAIL = "mail"
UPLOADS = "uploads"
RECALLS = "recalls"
WARNINGS = "warnings"
ELIGIBILITY = "eligibility"
DOSE_REMINDERS = "dose-reminders"
CLOCKS = "clocks"
PAIRS = "pairs"
WORKBOOKS = "workbooks"
FIGURES = "reporting.refresh"
FEDERAL = "federal-reports"
NOTICES = "notices"
PROOFS = "proofs"


def make_queue(url: str) -> Queue:
    """The queue of this installation; the worker adds what each name runs."""
    return Queue(url)
