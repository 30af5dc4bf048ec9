"""Rows of organizations' uploads that look like somebody on record: staff decide, the organization is told nothing."""

from uuid import UUID

from flask import Response, url_for
from flask_babel import gettext as _

from app.domain.accounts.access import Permission
from app.domain.recipients.decide_held import DecideHeldOfOrganization, decide_held_of_organization, person_of
from app.domain.recipients.held_rows import get_held_row, list_held_rows
from app.domain.recipients.queries import get_held_against
from app.portals.state.portal import portal
from app.web import context
from app.web.answers import done, go, show
from app.web.comparison import DecisionForm, compare, why_held
from app.web.paging import Pager, after_from_request


@portal.page("/held", needs=Permission.DECIDE_HELD_ROWS)
def held_rows() -> Response:
    """The rows that wait for a decision, oldest first."""
    found = list_held_rows(context.db(), context.actor(), after=after_from_request())
    return show("state/held/list.html", held=found.items, pager=Pager(found), why_held=why_held)


@portal.action("/held/<uuid:row_id>", needs=Permission.DECIDE_HELD_ROWS)
def decide_held_row(row_id: UUID) -> Response:
    """A row beside the record it looks like: the same person, or another one?"""
    held = get_held_row(context.db(), context.actor(), row_id)
    row, back = held.row, url_for("state.held_rows")
    form = DecisionForm()
    if form.submitted():
        command = DecideHeldOfOrganization(row_id, form.person.data == "same")
        decide_held_of_organization(context.db(), context.actor(), command, now=context.now())
        context.wake("mail")
        return done(back, _("Row %(n)s of %(file)s is decided.", n=row.number, file=held.upload.filename))
    if row.fate != "held" or row.subject_id is None:
        return go(back)
    record = get_held_against(context.db(), row.subject_id)
    context.note_read("recipient.compared", "recipient", record.id, held.upload.scope_id)
    lines = compare(person_of(row, held.upload), record)
    return show("state/held/decide.html", form=form, held=held, row=row, lines=lines, why_held=why_held)
