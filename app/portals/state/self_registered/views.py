"""Somebody registered with an address that is not the one on record: staff decide whether it is the same person."""

from uuid import UUID

from flask import Response, url_for
from flask_babel import gettext as _

from app.domain.accounts.access import Permission
from app.domain.recipients.joining.decide_likeness import (
    DecideLikeness,
    decide_likeness,
    details_of,
    get_likeness,
    list_likenesses,
)
from app.portals.state.portal import portal
from app.web import context
from app.web.answers import done, show
from app.web.comparison import DecisionForm, compare
from app.web.paging import Pager, after_from_request
from app.web.shown import note_shown


@portal.page("/self-registered", needs=Permission.DECIDE_HELD_ROWS)
def self_registered() -> Response:
    """Those that wait, oldest first."""
    found = list_likenesses(context.db(), context.actor(), after=after_from_request())
    note_shown("recipient.shown_in_list", (one.made.id for one in found.items))
    return show("state/self_registered/list.html", waiting=found.items, pager=Pager(found))


@portal.action("/self-registered/<uuid:registration_id>", needs=Permission.DECIDE_HELD_ROWS)
def decide_self_registered(registration_id: UUID) -> Response:
    """What the person said beside the record on file: the same person, or another one?"""
    found = get_likeness(context.db(), context.actor(), registration_id)
    form = DecisionForm()
    if form.submitted():
        command = DecideLikeness(registration_id, form.person.data == "same")
        decide_likeness(context.db(), context.actor(), command, today=context.today(), now=context.now())
        return done(url_for("state.self_registered"), _("The decision is saved."))
    context.note_read("recipient.compared", "recipient", found.on_file.id)
    lines = compare(details_of(found.made), found.on_file)
    return show("state/self_registered/decide.html", form=form, found=found, lines=lines)
