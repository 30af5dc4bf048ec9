"""Articles and guides: listed, searched, read, and judged."""

from flask import Response, abort, request, url_for
from flask import session as cookie
from flask_babel import gettext as _

from app.domain.accounts import attempts
from app.domain.accounts.access import Actor
from app.domain.accounts.sessions import WINDOW
from app.domain.errors import NotFound
from app.domain.helpdesk.articles.find import find_articles
from app.domain.helpdesk.articles.judge_article import JudgeArticle, judge_article, verdict_on
from app.domain.helpdesk.articles.library import (
    Article,
    articles_of,
    audiences_of,
    get_article,
    languages_of,
    shipped_articles,
)
from app.domain.helpdesk.lists import AUDIENCES
from app.portals.helpdesk import wording
from app.portals.helpdesk.knowledge.addresses import address_of, article_html
from app.portals.helpdesk.knowledge.forms import HelpfulForm
from app.portals.helpdesk.knowledge.guides import help_of_page
from app.portals.helpdesk.knowledge.suggesting import locale, suggested
from app.portals.helpdesk.portal import portal
from app.web import context
from app.web.answers import apology, done, go, show
from app.web.portal import PUBLIC

MOST_FOUND, MOST_OFFERED = 12, 5
PER_ADDRESS = 30
_KEPT = 60
_ARTICLE = "/articles/<slug>"

portal.app_context_processor(help_of_page)


@portal.page("/articles", needs=PUBLIC)
def articles() -> Response:
    """All articles by audience, or those that fit what was typed."""
    typed, audience = request.args.get("q", "").strip()[:200], request.args.get("audience", "")
    readable = audiences_of(_reader())
    audience = audience if audience in readable else ""
    within = (audience,) if audience else readable
    return show(
        "helpdesk/knowledge/articles.html", fragment="found", typed=typed, audience=audience, words=wording,
        found=find_articles(context.db(), typed, within, locale(), MOST_FOUND) if typed else [],
        listed={name: articles_of(context.db(), name, locale()) for name in within} if not typed else {}, readable=readable,
    )  # fmt: skip


@portal.page(_ARTICLE, needs=PUBLIC)
def article(slug: str) -> Response:
    """One article or guide, in the language asked for; where it was taken off the pages, all the others."""
    try:
        found = _article(slug)
    except NotFound:
        if slug not in {one.slug for one in shipped_articles()}:
            raise
        return go(url_for("helpdesk.articles"))
    others = [one for one in find_articles(context.db(), found.title, found.audience, found.language, 4) if one.slug != slug]
    works_here = "agent" in audiences_of(_reader())
    form = HelpfulForm(formdata=None, data={"language": found.language, "version": str(found.version)})
    return show(
        "helpdesk/knowledge/article.html", article=found, html=article_html(found, request.args.get("language", "")),
        page_url=address_of(f"page:{found.page}") if found.page else "", others=others[:3], words=wording,
        languages=languages_of(context.db(), slug), helpful=form, judged=_mark(found) in cookie.get("judged", []),
        verdict=verdict_on(context.db(), found) if works_here else None,
    )  # fmt: skip


@portal.action(f"{_ARTICLE}/helpful", needs=PUBLIC, methods=("POST",))
def judge(slug: str) -> Response:
    """Was it helpful? Once per browser and version."""
    form, parts, address, now = HelpfulForm(), context.database(), context.client_address(), context.now()
    version = form.version.data or ""
    if attempts.blocked(context.db(), "article", address, limit=PER_ADDRESS, within=WINDOW, now=now):
        return apology(429, _("Please wait a little"), _("Many answers came from here within a few minutes."))
    command = JudgeArticle(
        slug, form.language.data or "", int(version) if version.isdecimal() and len(version) < 6 else 0,
        request.form.get("is_helpful") == "yes",
    )  # fmt: skip
    mark = f"{slug}.{command.language}.{command.version}"
    if mark not in cookie.get("judged", []):
        judge_article(context.db(), _reader(), command, now=now)
        cookie["judged"] = [*cookie.get("judged", []), mark][-_KEPT:]
        context.afterwards(lambda: attempts.note(parts, "article", address, now=now))
    return done(
        url_for("helpdesk.article", slug=slug, language=command.language), _("Thank you. It helps us to write better.")
    )


@portal.action("/articles/suggest/<audience>", needs=PUBLIC, methods=("POST",))
def suggest_articles(audience: str) -> Response:
    """While somebody describes what they need: what may answer it. A POST, so that the text stands in no address."""
    if audience not in AUDIENCES:
        abort(404)
    typed, told = request.form.get("q", "").strip()[:200], request.form.get("description", "")
    found = find_articles(context.db(), typed, audience, locale(), MOST_OFFERED) if typed else suggested(told, audience)
    return show("helpdesk/knowledge/suggested.html", fragment="suggestions", suggested=found, typed=typed)


def _reader() -> Actor | None:
    return context.actor() if context.find_account() else None


def _article(slug: str) -> Article:
    found = get_article(context.db(), slug, request.args.get("language") or locale())
    if found.audience not in audiences_of(_reader()):
        abort(404)
    return found


def _mark(found: Article) -> str:
    return f"{found.slug}.{found.language}.{found.version}"
