"""Who opened my record."""

from uuid import UUID

from flask import Response
from flask_babel import gettext as _

from app.domain.accounts.access import Permission
from app.domain.recipients.access_log import Opening, openings_of
from app.portals.recipient.access import wrong_views
from app.portals.recipient.portal import portal
from app.web import context
from app.web.answers import show
from app.web.paging import Pager, after_from_request

__all__ = ["wrong_views"]

_VIEW = Permission.VIEW_OWN_RECORD


@portal.page("/<uuid:recipient_id>/access", needs=_VIEW)
def access(recipient_id: UUID) -> Response:
    """When, from where, what for; a page at a time."""
    found = openings_of(context.db(), context.actor(), recipient_id, after=after_from_request())
    rows = [(opening.at, who_of(opening), what_of(opening)) for opening in found.items]
    return show("recipient/access/list.html", place=recipient_id, rows=rows, pager=Pager(found))


def who_of(opening: Opening) -> str:
    """Who it was, in plain words; staff are never named."""
    if opening.who == "location":
        return _("A clinic: %(name)s", name=opening.place)
    if opening.who == "organization":
        return _("An employer: %(name)s", name=opening.place)
    words = {
        "you": _("You"),
        "guardian": _("A parent or guardian"),
        "program": _("Staff of the vaccine program of %(state)s", state=context.settings().state_name),
        "help_desk": _("The help desk"),
        "link": _("Somebody with a link from one of your mails"),
        "system": _("The system by itself"),
    }
    return words.get(opening.who, _("Somebody who works with the system"))


def what_of(opening: Opening) -> str:
    """What was done, in plain words."""
    words = {
        "recipient.own_record_opened": _("Opened the record"),
        "recipient.opened": _("Opened the record"),
        "case.opened": _("Opened a request for help that is about the record"),
        "case.file_opened": _("Opened a file of a request for help that is about the record"),
        "recipient.found": _("Found the record in a search"),
        "recipient.history_opened": _("Opened the record"),
        "recipient.ways_in_opened": _("Opened the record"),
        "recipient.compared": _("Compared the record with an uploaded list"),
        "upload.row_decided": _("Compared the record with an uploaded list"),
        "recipient.glass_broken": _("Opened your health answers for one hour, for a stated reason"),
        "recipient.glass_closed": _("Closed your health answers again"),
        "recipient.health_answers_read": _("Read your health answers"),
        "recipient.checked_in": _("Checked you in"),
        "recipient.screened": _("Entered the health questions of a visit"),
        "recipient.dose_recorded": _("Entered a dose"),
        "recipient.proof_issued": _("Made a proof of vaccination"),
        "recipient.proof_downloaded": _("Downloaded a proof of vaccination"),
        "recipient.printed_on_paper": _("Printed a paper form for a visit"),
        "recipient.access_code_printed": _("Printed a code on paper that opens the record"),
        "recipient.access_code_used": _("Chose a password with a code on paper"),
        "recipient.email_confirmed": _("Confirmed an e-mail address"),
        "recipient.self_registered": _("Began to register without an invitation"),
        "recipient.registered": _("Completed the registration"),
        "recipient.answers_changed": _("Changed answers"),
        "recipient.reminders_stopped": _("Turned reminders off"),
        "recipient.reminders_resumed": _("Turned reminders on"),
        "recipient.guardian_added": _("Added a guardian"),
        "recipient.guardian_ended": _("Ended what a guardian may do"),
        "recipient.guardian_confirmed": _("Confirmed a guardian"),
        "recipient.guardian_told_apart": _("Looked at what a guardian entered"),
        "recipient.consent_given": _("Agreed to vaccination"),
        "recipient.consent_withdrawn": _("Took the consent to vaccination back"),
        "recipient.shown_as_likely_duplicate": _("Saw the record among people who look alike"),
        "recipient.likeness_decided": _("Decided whether another record is of the same person"),
        "recipient.told_apart": _("Decided whether another record is of the same person"),
        "recipient.joined": _("Joined the record with another one of the same person"),
        "recipient.separated": _("Separated the record from another one"),
        "recipient.record_closed": _("Closed the record"),
        "recipient.record_opened_again": _("Opened a closed record again"),
    }
    if opening.act.startswith("recipient.dose_"):
        return words.get(opening.act, _("Changed what is entered about a dose"))
    return words.get(opening.act, _("Worked with the record"))
