"""Terms and privacy notice: their versions, and a new one, looked at before it is published."""

from typing import Any

from flask import Response, abort, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.domain.accounts.access import Permission
from app.domain.accounts.full_names import full_names
from app.domain.program.terms import ACCEPTED, FIRST, BadTerms, PublishTerms, Terms, publish_terms, versions_of
from app.portals.state.portal import portal
from app.portals.state.terms.forms import TermsForm
from app.web.answers import done, show
from app.web.context import actor, db, now, today
from app.web.forms import add_error
from app.web.terms import html_of

_CHANGE = Permission.CHANGE_SETTINGS
TITLES: dict[str, tuple[Any, str]] = {
    "terms": (_l("Terms of use"), "front.terms"),
    "privacy": (_l("Privacy notice"), "front.privacy"),
    "helpdesk": (_l("Terms of the Help Desk"), "helpdesk.terms"),
}


@portal.page("/terms", needs=_CHANGE)
def terms_page() -> Response:
    """Every document with its versions and who decided them."""
    found = {document: versions_of(db(), document) for document in FIRST}
    who = full_names(db(), (one.decided_by_id for versions in found.values() for one in versions))
    return show("state/terms/list.html", found=found, titles=TITLES, who=who, today=today())


@portal.action("/terms/<document>/new", needs=_CHANGE)
def new_terms(document: str) -> Response:
    """A new version: shown as people will see it, then published."""
    if document not in FIRST:
        abort(404)
    latest = versions_of(db(), document)[0]
    form = TermsForm(data={"text": latest.text, "text_es": latest.text_es, "day": today()})
    if document not in ACCEPTED:
        del form.asks_again
    shown = None
    if form.submitted() and form.day.data:
        if request.form.get("go") == "publish" and _publish(document, form):
            return done(url_for("state.terms_page"), _("The new version is decided."))
        draft = Terms(document, form.version.data or "", form.text.data or "", form.text_es.data or "")
        shown = None if form.errors else [("en", html_of(draft, "en")), ("es", html_of(draft, "es"))]
    return show("state/terms/new.html", form=form, title=TITLES[document][0], shown=shown)


def _publish(document: str, form: TermsForm) -> bool:
    asks = bool(form.asks_again.data) if "asks_again" in form else False
    command = PublishTerms(
        document, form.version.data or "", form.text.data or "", form.text_es.data or "", asks, form.day.data
    )
    try:
        publish_terms(db(), actor(), command, today=today(), now=now())
    except BadTerms as refusal:
        add_error(form[refusal.field], _why(refusal))
    return not form.errors


def _why(refusal: BadTerms) -> str:
    return {
        "missing": _("Fill this in"),
        "malformed": _("Begin with the year and the month, such as 2021-04"),
        "taken": _("There is a version with this name already"),
        "past": _("This day is past. A version holds from today on or later"),
        "too_long": _("Use fewer words"),
    }[refusal.reason]
