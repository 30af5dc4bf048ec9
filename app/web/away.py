"""What is said while the database does not answer, has no room or is too busy: a page that is made without it.

What was typed stays on that page and is sent again with the key of the first time, so that nothing is done twice,
also where the answer to something that was done got lost.
"""

import structlog
from flask import Response, current_app, g, make_response, request
from flask_babel import gettext as _

from app.infra.outages import FULL, GONE, outage
from app.web import context, languages
from app.web.resting import is_ours, typed_in_form

log = structlog.get_logger()
_SECONDS = {GONE: 5, FULL: 60}
_SOON = 2


def answer_to(error: Exception) -> Response | None:
    """503 with `Retry-After` for an error that time or an operator mends; None for any other."""
    why = outage(error)
    if why is None:
        return None
    log.error("request.put_off", why=why, path=request.url_rule.rule if request.url_rule else None, exc_info=error)
    for known in ("account", "actor", "waiting"):  # their rows can no longer be read
        g.pop(known, None)
    context.let_go()
    sends = request.method == "POST" and request.url_rule is not None
    page = current_app.jinja_env.get_template("errors/away.html")  # without what the layout asks of the database
    body = page.render(
        locale=languages.current(), words=_words(why, sends=sends), sends=sends, again=request.full_path.rstrip("?"),
        typed=typed_in_form(but=()) if sends and is_ours() else None,
    )  # fmt: skip
    response = make_response(body, 503)
    response.headers["Retry-After"] = str(_SECONDS.get(why, _SOON))
    return response


def _words(why: str, *, sends: bool) -> str:
    if not sends:
        return _("The page could not be made just now. Please try again in a moment.")
    if why == GONE:
        return _(
            "The connection inside the system broke, so it is not certain whether this was saved. Send it again: "
            "what was saved already is not done twice."
        )
    if why == FULL:
        return _("There is no room to save anything at the moment. Nothing was changed.")
    return _("Too many people save something at this moment. Nothing was changed.")
