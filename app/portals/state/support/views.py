"""Whom each audience turns to: telephone, hours, holidays, e-mail, and where its mails come from."""

from dataclasses import replace

from flask import Response, abort, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.domain.accounts.access import Permission
from app.domain.accounts.full_names import full_names
from app.domain.program.support import (
    AUDIENCES,
    BadContact,
    DecideSupport,
    Support,
    decide_support,
    read_support,
    support_history,
    support_on,
)
from app.infra.opening_hours import in_words
from app.portals.state.portal import portal
from app.portals.state.support.forms import SupportForm, data_of
from app.web.answers import done, show
from app.web.context import actor, db, now, settings, today
from app.web.forms import add_error

_CHANGE = Permission.CHANGE_SETTINGS
TITLES = {
    "everybody": _l("Everybody else"),
    "recipient": _l("Vaccine recipients"),
    "organization": _l("Frontline organizations"),
    "provider": _l("Vaccine providers"),
    "enrollment": _l("Practices that enroll"),
}


@portal.page("/support", needs=_CHANGE)
def support_page() -> Response:
    """Every audience as it stands today."""
    rows = [(audience, _standing(audience)) for audience in AUDIENCES]
    return show("state/support/list.html", rows=rows, titles=TITLES, in_words=in_words)


@portal.action("/support/<audience>", needs=_CHANGE)
def support_of_audience(audience: str) -> Response:
    """One audience: a decision holds from a day on; its history."""
    if audience not in AUDIENCES:
        abort(404)
    form = SupportForm(data=data_of(_standing(audience)) | {"day": today()})
    if form.submitted() and form.day.data:
        command = DecideSupport(audience, form.support(), form.day.data)
        try:
            decide_support(db(), actor(), command, today=today(), now=now())
        except BadContact as refusal:
            field = refusal.field.replace("day_", "from_")
            add_error(form[field], _why(refusal))
        else:
            return done(url_for("state.support_page"), _("It is changed."))
    history = [(one, read_support(one.value)) for one in support_history(db(), actor(), audience)]
    return show(
        "state/support/audience.html", form=form, audience=audience, titles=TITLES, history=history, in_words=in_words,
        who=full_names(db(), (one.changed_by_id for one, _support in history)),
    )  # fmt: skip


def _standing(audience: str) -> Support:
    """The contacts of today; the installation's telephone while nobody has decided."""
    found = support_on(db(), audience, today())
    return found if found.decided else replace(found, phone=settings().help_phone)


def _why(refusal: BadContact) -> str:
    return {
        "missing": _("Fill this in"),
        "malformed": _("Check it: something is missing or does not belong there"),
        "past": _("This day is past. A change holds from today on or later"),
        "backwards": _("Enter both times, the earlier one first"),
        "too_long": _("Use fewer characters"),
        "too_many": _("Enter 60 days or fewer: take out those that are over"),
    }[refusal.reason]
