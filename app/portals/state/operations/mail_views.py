"""The mails, by how they stand and by kind; sent again or given up, one or all of a kind."""

from typing import Any
from uuid import UUID

from flask import Response, abort, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from app.domain.accounts.access import Permission
from app.domain.oversight.errors import ReasonMissing
from app.domain.oversight.mails import STANDINGS, get_mail, give_up_mails, list_mails, send_mails_again
from app.portals.state.operations import wording
from app.portals.state.operations.forms import GiveUpForm
from app.portals.state.portal import portal
from app.web import context
from app.web.answers import done, show
from app.web.context import actor, db, now
from app.web.forms import add_error
from app.web.paging import Pager, after_from_request

_NEEDS = Permission.VIEW_OPERATIONS


@portal.page("/mails", needs=_NEEDS)
def mails() -> Response:
    """A page of mails that stand so, of all kinds or of one."""
    standing = next((one for one in STANDINGS if one == request.args.get("show", "failed")), None)
    if standing is None:
        abort(404)
    kind = request.args.get("kind") or None
    found = list_mails(db(), actor(), standing, kind=kind, after=after_from_request())
    return show(
        "state/operations/mails.html", mails=found.items, pager=Pager(found), standing=standing, kind=kind, words=wording
    )


@portal.action("/mails/<uuid:message_id>/send-again", needs=_NEEDS, methods=("POST",))
def send_mail_again(message_id: UUID) -> Response:
    """Staff decide that a failed or unsure mail goes out once more."""
    sent = send_mails_again(db(), actor(), now=now(), message_id=message_id)
    return _sent(sent)


@portal.action("/mails/send-again", needs=_NEEDS, methods=("POST",))
def send_kind_again() -> Response:
    """All failed and unsure mails of a kind go out once more."""
    return _sent(send_mails_again(db(), actor(), now=now(), kind=_kind()))


@portal.action("/mails/<uuid:message_id>/give-up", needs=_NEEDS)
def give_up_mail(message_id: UUID) -> Response:
    """One mail is not sent; why?"""
    return _give_up(_("Give up this mail?"), mail=get_mail(db(), actor(), message_id), message_id=message_id)


@portal.action("/mails/give-up", needs=_NEEDS)
def give_up_kind() -> Response:
    """All failed and unsure mails of a kind are not sent; why?"""
    kind = _kind()
    return _give_up(_("Give up all failed mails “%(kind)s”?", kind=wording.mail_word(kind)), kind=kind)


def _give_up(heading: str, *, mail: Any = None, **which: Any) -> Response:
    form = GiveUpForm()
    if form.submitted():
        try:
            count = give_up_mails(db(), actor(), form.because.data or "", now=now(), **which)
        except ReasonMissing:
            add_error(form.because, _("Say why in a few words; colleagues read it"))
        else:
            told = ngettext("%(num)s mail was given up.", "%(num)s mails were given up.", count)
            return done(url_for("state.operations"), told, "success" if count else "info")
    return show("state/operations/give_up.html", form=form, heading=heading, mail=mail, words=wording)


def _kind() -> str:
    found = request.values.get("kind", "")
    if not found:
        abort(404)
    return str(found)[:60]


def _sent(count: int) -> Response:
    if count:
        context.wake("mail")
    told = ngettext("%(num)s mail waits to be sent again.", "%(num)s mails wait to be sent again.", count)
    return done(url_for("state.operations"), told, "success" if count else "info")
