"""The three tiles, and the landing page of each audience."""

from flask import Response, abort, url_for

from app.domain.helpdesk import desk
from app.domain.helpdesk.articles.library import articles_of
from app.domain.helpdesk.lists import AUDIENCES
from app.portals.helpdesk import wording
from app.portals.helpdesk.knowledge.suggesting import locale
from app.portals.helpdesk.portal import portal
from app.web.answers import show
from app.web.context import db, now, settings
from app.web.portal import PUBLIC


@portal.page("/", needs=PUBLIC)
def home() -> Response:
    """Who are you? Three tiles, and what many ask about right now."""
    zone = settings().zone
    lines = {
        audience: desk.line_now(db(), audience, now=now(), zone=zone, phone=settings().help_phone)
        for audience in AUDIENCES
    }
    return show(
        "helpdesk/home.html", audiences=AUDIENCES, words=wording, lines=lines,
        announcements=desk.announcements(db(), "", now=now()),
    )  # fmt: skip


@portal.page("/<audience>", needs=PUBLIC)
def landing(audience: str) -> Response:
    """What helps at once, the telephone and its hours, and GET HELP."""
    if audience not in AUDIENCES:
        abort(404)
    return show(
        "helpdesk/landing.html", audience=audience, words=wording, articles=articles_of(db(), audience, locale()),
        line=desk.line_now(db(), audience, now=now(), zone=settings().zone, phone=settings().help_phone),
        announcements=desk.announcements(db(), audience, now=now()),
        get_help=url_for("helpdesk.intake", audience=audience),
    )  # fmt: skip
