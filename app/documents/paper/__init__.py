"""Paper forms for when the system is away: `render_paper("screening", PaperFacts(...))`."""

from app.documents.paper.facts import PaperFacts, PaperPerson
from app.documents.paper.render import FORMS, LANGUAGES, MOST_COPIES, MOST_ROWS, MOST_SHEETS, render_paper

__all__ = ["FORMS", "LANGUAGES", "MOST_COPIES", "MOST_ROWS", "MOST_SHEETS", "PaperFacts", "PaperPerson", "render_paper"]
