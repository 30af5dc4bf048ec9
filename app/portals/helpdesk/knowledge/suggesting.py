"""Articles offered to somebody who describes what they need."""

from flask import session as cookie
from flask import url_for
from flask_babel import get_locale

from app.domain.errors import NotFound
from app.domain.helpdesk.articles.find import find_articles
from app.domain.helpdesk.articles.library import Article, get_article
from app.web import context

MOST = 4
MOST_FOR_AGENTS = 6
_COOKIE = "suggested"


def locale() -> str:
    """The two letters of the language of the page."""
    return str(get_locale() or "en")[:2]


def suggested(text: str, audience: str) -> list[Article]:
    """A few articles that may answer a description; none rather than far-fetched ones."""
    if not text.strip():
        return []
    return find_articles(context.db(), text, audience, locale(), MOST, surely=True)


def for_answer(text: str, audience: str, language: str) -> list[tuple[Article, str]]:
    """For an agent: articles that may answer a case, in its language, each with the address to copy."""
    return [
        (article, address_of_article(article, language))
        for article in find_articles(context.db(), text, audience, language, MOST_FOR_AGENTS)
    ]


def address_of_article(article: Article, language: str) -> str:
    """The whole address of an article, for a mail or an answer."""
    base = context.settings().public_url.rstrip("/")
    return base + url_for("helpdesk.article", slug=article.slug, language=language)


def remember_for(number: str, text: str, audience: str) -> None:
    """Note for the page after sending which articles fit: their names only, never the text."""
    cookie[_COOKIE] = [number, [article.slug for article in suggested(text, audience)]]


def remembered_for(number: str) -> list[Article]:
    """The articles that fitted the request which this browser sent last, if it is the one with this number."""
    noted, slugs = cookie.get(_COOKIE) or ["", []]
    found = []
    for slug in slugs if noted == number else []:
        try:
            found.append(get_article(context.db(), slug, locale()))
        except NotFound:
            continue
    return found
