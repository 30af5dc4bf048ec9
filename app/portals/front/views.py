"""The front door, and what is said to everybody."""

from flask import Response, abort, url_for
from flask_babel import gettext as _

from app.domain.recipients.joining.self_register import is_open
from app.infra.kept_mail import latest_mails
from app.portals.front.portal import portal
from app.web.answers import show
from app.web.context import db, looked_only, settings, today
from app.web.gallery import gallery_context
from app.web.portal import PUBLIC
from app.web.terms import terms_to_show


@portal.page("/", needs=PUBLIC)
def home() -> Response:
    """Tells each visitor which portal is theirs."""
    may_register = is_open(db(), today=today())
    doors = [
        (_("I want my own vaccine record"), _("See your doses, print your proof, change your answers."),
         _("COVID-19 Vaccine Portal"), url_for("account.sign_in", realm="recipient")),
        (_("I work at a clinic, pharmacy or hospital"), _("Check people in, give doses, look after your vaccine."),
         _("Provider Portal"), url_for("account.sign_in", realm="provider")),
        (_("My practice wants to give the vaccine"), _("Enroll your organization and its locations, sign the agreement."),
         _("Provider Enrollment Portal"), url_for("enrollment.start")),
        (_("I bring my organization’s people"), _("For Points of Contact of employers: upload your eligible people."),
         _("Organization Portal"), url_for("account.sign_in", realm="organization")),
        (_("I need help"), _("Find answers, or send us a request. You need no account."),
         _("Help Desk"), url_for("helpdesk.home")),
        (_("I work for the state’s program"), _("Watch over mail and background work, set up locations."),
         _("State Portal"), url_for("account.sign_in", realm="state")),
    ]  # fmt: skip
    return show("front/home.html", doors=doors, may_register=may_register, demo=settings().demo)


@portal.page("/privacy", needs=PUBLIC)
def privacy() -> Response:
    """What is kept about people, and why."""
    return show("front/privacy.html", **terms_to_show("privacy"))


@portal.page("/terms", needs=PUBLIC)
def terms() -> Response:
    """What a person agrees to when registering, and which version."""
    return show("front/terms.html", **terms_to_show("terms"))


@portal.page("/accessibility", needs=PUBLIC)
def accessibility() -> Response:
    """How the pages are meant to work for everybody, and whom to tell when they do not."""
    return show("front/accessibility.html")


@portal.action("/components", needs=PUBLIC)
def components() -> Response:
    """Every component of the pages in its states; outside of demonstrations it is not here. Its buttons lead back to it."""
    if not (settings().demo or settings().testing):
        abort(404)
    looked_only()
    return show("gallery/components.html", **gallery_context())


@portal.page("/demo/mails", needs=PUBLIC)
def demo_mails() -> Response:
    """The mails of a demonstration that has no mail server, so that every link can be followed."""
    if not (settings().demo and settings().keeps_mails()):
        abort(404)
    return show("front/demo_mails.html", mails=latest_mails(db()))
