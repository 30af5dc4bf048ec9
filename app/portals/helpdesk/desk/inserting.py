"""What an agent puts into an answer with one press: a ready answer, or the link to an article."""

from typing import TYPE_CHECKING

from app.domain.errors import NotFound
from app.domain.helpdesk import desk
from app.domain.helpdesk.articles.library import Article, articles_of, get_article
from app.portals.helpdesk.knowledge.suggesting import address_of_article
from app.web import context

if TYPE_CHECKING:
    from app.domain.helpdesk.models import Case, ReadyAnswer


def ready(case: "Case") -> list["ReadyAnswer"]:
    """The ready answers of the case's team, those in its language first."""
    return desk.ready_answers(context.db(), case.team_id, language=case.language, day=context.today())


def articles(case: "Case") -> list[Article]:
    """Every article that the requester can read, in the language of the case."""
    return articles_of(context.db(), case.audience, case.language)


def text_of(case: "Case", chosen: str) -> str:
    """The text of `answer:<id>` or `article:<name>`; empty for what is not offered in this case."""
    kind, _, name = chosen.partition(":")
    if kind == "answer":
        return next((one.text for one in ready(case) if str(one.id) == name), "")
    if kind != "article":
        return ""
    try:
        found = get_article(context.db(), name, case.language)
    except NotFound:
        return ""
    readable = found.audience == case.audience
    return f"{found.title}\n{address_of_article(found, case.language)}" if readable else ""


def below(typed: str, text: str) -> str:
    """What was typed, then the text, with an empty line between."""
    return "\n\n".join(part for part in (typed.replace("\r\n", "\n").rstrip(), text) if part)
