"""A location's uploads, and the rows of them that somebody must decide."""

from functools import partial
from uuid import UUID

from flask import Response, url_for
from flask_babel import gettext as _

from app.documents.workbooks import (
    CSV_TYPE,
    XLSX_TYPE,
    recipient_template,
    recipient_template_csv,
    results_of_upload,
    rows_to_mend,
)
from app.domain.accounts.access import Permission
from app.domain.recipients.decide_held import DecideHeld, decide_held, person_of
from app.domain.recipients.queries import get_held_against
from app.domain.uploads.uploads import get_row, get_upload, list_rows, list_uploads
from app.portals.provider.portal import portal
from app.web import context
from app.web.answers import done, download, go, show
from app.web.comparison import DecisionForm, compare, why_held
from app.web.paging import Pager, after_from_request
from app.web.repeats import unchanged
from app.web.undelivered import has_undelivered, send_one_again, show_undelivered
from app.web.upload_form import UploadForm, how_far, read_file_first, receive_upload

PLACE = "/<uuid:location_id>/uploads"


@portal.action(PLACE, needs=Permission.UPLOAD_RECIPIENTS, first=read_file_first)
def uploads(location_id: UUID) -> Response:
    """The uploads so far and a new one."""
    form = UploadForm()
    if form.submitted():
        upload = receive_upload(form, "location", location_id)
        if upload is not None:
            return done(url_for("provider.upload", location_id=location_id, upload_id=upload.id))
    found = list_uploads(context.db(), context.actor(), location_id, after=after_from_request())
    return show(
        "provider/uploads/list.html", form=form, uploads=found.items, pager=Pager(found),
        undelivered=has_undelivered("location", location_id),
    )  # fmt: skip


@portal.page(f"{PLACE}/undelivered", needs=Permission.UPLOAD_RECIPIENTS)
def uploads_undelivered(location_id: UUID) -> Response:
    """Invitations of the location's uploads that could not arrive."""
    one = partial(url_for, "provider.upload_send_again", location_id=location_id)
    return show_undelivered("location", location_id, lambda message_id: one(message_id=message_id))


@portal.action(f"{PLACE}/undelivered/<uuid:message_id>", needs=Permission.UPLOAD_RECIPIENTS)
def upload_send_again(location_id: UUID, message_id: UUID) -> Response:
    """One of them is sent again, to a corrected address where it was wrong."""
    back = url_for("provider.uploads_undelivered", location_id=location_id)
    return send_one_again("location", location_id, message_id, back)


@portal.page(f"{PLACE}/<uuid:upload_id>", needs=Permission.UPLOAD_RECIPIENTS)
def upload(location_id: UUID, upload_id: UUID) -> Response:
    """What became of one file: progress while it is worked on, then the result, rows to decide and rows to mend."""
    found = get_upload(context.db(), context.actor(), location_id, upload_id)
    if same := unchanged(how_far(found)):
        return same
    rows = list_rows(context.db(), found, "mistaken", after=after_from_request())
    held = list_rows(context.db(), found, "held")
    return show(
        "provider/uploads/upload.html", fragment="progress", upload=found, rows=rows.items, pager=Pager(rows),
        held=held.items, why_held=why_held, new=UploadForm(), seen=how_far(found),
    )  # fmt: skip


@portal.action(f"{PLACE}/<uuid:upload_id>/rows/<uuid:row_id>", needs=Permission.UPLOAD_RECIPIENTS)
def decide_held_row(location_id: UUID, upload_id: UUID, row_id: UUID) -> Response:
    """A row beside the record it looks like: the same person, or another one?"""
    found = get_upload(context.db(), context.actor(), location_id, upload_id)
    row = get_row(context.db(), found, row_id)
    back = url_for("provider.upload", location_id=location_id, upload_id=upload_id)
    form = DecisionForm()
    if form.submitted():
        same = form.person.data == "same"
        decide_held(
            context.db(), context.actor(), DecideHeld(location_id, upload_id, row_id, same), now=context.now()
        )
        context.wake("mail")
        return done(back, _("Row %(n)s is accepted.", n=row.number))
    if row.fate != "held" or row.subject_id is None:
        return go(back)
    record = get_held_against(context.db(), row.subject_id)
    context.note_read("recipient.compared", "recipient", record.id, location_id)
    lines = compare(person_of(row, found), record)
    return show(
        "provider/uploads/decide.html", form=form, upload=found, row=row, lines=lines, why_held=why_held
    )


@portal.page(f"{PLACE}/<uuid:upload_id>/rows-to-mend.xlsx", needs=Permission.UPLOAD_RECIPIENTS)
def upload_rows_to_mend(location_id: UUID, upload_id: UUID) -> Response:
    """The workbook of the rows with mistakes."""
    found = get_upload(context.db(), context.actor(), location_id, upload_id)
    context.note_read("upload.downloaded", "upload", found.id, location_id)
    return download(rows_to_mend(context.db(), found), _("Rows to mend.xlsx"), XLSX_TYPE)


@portal.page(f"{PLACE}/<uuid:upload_id>/results.xlsx", needs=Permission.UPLOAD_RECIPIENTS)
def upload_results(location_id: UUID, upload_id: UUID) -> Response:
    """Every row with what became of it."""
    found = get_upload(context.db(), context.actor(), location_id, upload_id)
    context.note_read("upload.downloaded", "upload", found.id, location_id)
    words = {
        "created": _("Accepted"),
        "present": _("Accepted (on record already)"),
        "held": _("Held: please decide on the page"),
        "mistaken": _("Needs mending"),
        "waiting": _("Waiting"),
    }
    book = results_of_upload(context.db(), context.storage(), found, words)
    return download(book, _("Results of the upload.xlsx"), XLSX_TYPE)


@portal.page(f"{PLACE}/template.xlsx", needs=Permission.UPLOAD_RECIPIENTS)
def upload_template(location_id: UUID) -> Response:
    """The empty workbook to fill in."""
    del location_id
    return download(recipient_template(), _("Recipient upload.xlsx"), XLSX_TYPE)


@portal.page(f"{PLACE}/template.csv", needs=Permission.UPLOAD_RECIPIENTS)
def upload_template_csv(location_id: UUID) -> Response:
    """The same columns as CSV."""
    del location_id
    return download(recipient_template_csv(), _("Recipient upload.csv"), CSV_TYPE)
