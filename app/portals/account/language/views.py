"""The other language, from any page and back to it."""

from flask import Response, request
from flask import session as cookie

from app.domain.reminders.follow_language import follow_language
from app.portals.account.portal import portal
from app.web import context
from app.web.answers import go, is_local
from app.web.languages import LANGUAGES, page_at
from app.web.portal import PUBLIC


@portal.action("/language", needs=PUBLIC, methods=("POST",))
def choose_language() -> Response:
    """Kept on the account of whoever is signed in, else in the browser."""
    chosen, back = request.form.get("lang", ""), request.form.get("back", "")
    if chosen in LANGUAGES:
        if context.find_account():
            follow_language(context.db(), context.actor(), chosen, now=context.now())
            cookie["seen_in"] = chosen
        else:
            cookie["language"] = chosen
    return go(page_at(back) if is_local(back) else page_at("/"))
