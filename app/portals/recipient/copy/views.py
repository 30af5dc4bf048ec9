"""A copy of everything that is held about me: the page, the data, the workbook."""

from uuid import UUID

from flask import Response
from flask_babel import gettext as _

from app.documents.copies.render import copy_as_data, copy_as_workbook
from app.documents.workbooks import XLSX_TYPE
from app.domain.accounts.access import Permission
from app.domain.oversight.own_copy.copy_of_record import CopyOfRecord, copy_of_record
from app.domain.recipients.own_record import own_record
from app.portals.recipient.access.views import what_of, who_of
from app.portals.recipient.portal import portal
from app.portals.recipient.registration.answers import filling_of
from app.web import context
from app.web.answers import download, show
from app.web.filters import moment

_VIEW = Permission.VIEW_OWN_RECORD
Line = tuple[str, str]


@portal.page("/<uuid:recipient_id>/copy", needs=_VIEW)
def copy_page(recipient_id: UUID) -> Response:
    """What is in it, and the two files."""
    own_record(context.db(), context.actor(), recipient_id)
    return show("recipient/copy/copy.html", place=recipient_id)


@portal.page("/<uuid:recipient_id>/copy/data.json", needs=_VIEW)
def copy_data(recipient_id: UUID) -> Response:
    """For another program."""
    data = copy_as_data(_copy(recipient_id), program=context.settings().program_name)
    return download(data, f"{_('my data')}.json", "application/json")


@portal.page("/<uuid:recipient_id>/copy/workbook.xlsx", needs=_VIEW)
def copy_workbook(recipient_id: UUID) -> Response:
    """To read."""
    copy = _copy(recipient_id)
    data = copy_as_workbook(
        copy, about=(_("About this copy"), _about(copy)), answers=(_("My answers"), _answers(recipient_id)),
        opened=(_("Who opened my record"), [(moment(one.at), who_of(one), what_of(one)) for one in copy.openings]),
        zone=context.settings().zone,
    )  # fmt: skip
    return download(data, f"{_('my data')}.xlsx", XLSX_TYPE)


def _copy(recipient_id: UUID) -> CopyOfRecord:
    found = own_record(context.db(), context.actor(), recipient_id)
    context.note_read("recipient.copy_downloaded", "recipient", found.recipient.id)
    return copy_of_record(context.db(), context.actor(), recipient_id, now=context.now())


def _about(copy: CopyOfRecord) -> list[Line]:
    return [
        (context.settings().program_name, _("A copy of everything that is held about one person")),
        (_("Made on"), moment(copy.made_at)),
        (_("Code"), copy.code),
        (_("What is not in it"), _("Names of people who work with the system, but for those who gave you a dose. Clinics and employers are named.")),
        (_("Words"), _("A few entries of clinics are short codes. Ask the help desk what one means.")),
    ]


def _answers(recipient_id: UUID) -> list[Line]:
    """The registration, question by question."""
    filling = filling_of(own_record(context.db(), context.actor(), recipient_id), recipient_id)
    return [(str(answer.label), "; ".join(map(str, answer.texts))) for step in filling.steps for answer in filling.answers(step.key)]
