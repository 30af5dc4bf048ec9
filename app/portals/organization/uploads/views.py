"""An employer's uploads. An organization never learns whether a person was known before."""

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
from app.domain.organizations.queries import get_organization
from app.domain.uploads.uploads import get_upload, list_rows, list_uploads
from app.portals.organization.portal import portal
from app.web import context
from app.web.answers import done, download, go, show
from app.web.paging import Pager, after_from_request
from app.web.repeats import unchanged
from app.web.upload_form import UploadForm, how_far, read_file_first, receive_upload

PLACE = "/<uuid:organization_id>/uploads"


@portal.action(PLACE, needs=Permission.UPLOAD_PEOPLE, first=read_file_first)
def uploads(organization_id: UUID) -> Response:
    """The uploads so far and a new one. The organization's details are confirmed first."""
    if get_organization(context.db(), context.actor(), organization_id).confirmed_at is None:
        return go(url_for("organization.details", organization_id=organization_id))
    form = UploadForm()
    if form.submitted():
        upload = receive_upload(form, "organization", organization_id)
        if upload is not None:
            return done(url_for("organization.upload", organization_id=organization_id, upload_id=upload.id))
    found = list_uploads(context.db(), context.actor(), organization_id, after=after_from_request())
    return show("organization/uploads/list.html", form=form, uploads=found.items, pager=Pager(found))


@portal.page(f"{PLACE}/<uuid:upload_id>", needs=Permission.UPLOAD_PEOPLE)
def upload(organization_id: UUID, upload_id: UUID) -> Response:
    """What became of one file: progress while it is worked on, then the result and the rows to mend."""
    found = get_upload(context.db(), context.actor(), organization_id, upload_id)
    if same := unchanged(how_far(found)):
        return same
    rows = list_rows(context.db(), found, "mistaken", after=after_from_request())
    return show(
        "organization/uploads/upload.html", fragment="progress", upload=found, rows=rows.items, pager=Pager(rows),
        new=UploadForm(), seen=how_far(found),
    )  # fmt: skip


@portal.page(f"{PLACE}/<uuid:upload_id>/rows-to-mend.xlsx", needs=Permission.UPLOAD_PEOPLE)
def upload_rows_to_mend(organization_id: UUID, upload_id: UUID) -> Response:
    """The workbook of the rows with mistakes."""
    found = get_upload(context.db(), context.actor(), organization_id, upload_id)
    context.note_read("upload.downloaded", "upload", found.id, organization_id)
    return download(rows_to_mend(context.db(), found), _("Rows to mend.xlsx"), XLSX_TYPE)


@portal.page(f"{PLACE}/<uuid:upload_id>/results.xlsx", needs=Permission.UPLOAD_PEOPLE)
def upload_results(organization_id: UUID, upload_id: UUID) -> Response:
    """Every row with what became of it."""
    found = get_upload(context.db(), context.actor(), organization_id, upload_id)
    context.note_read("upload.downloaded", "upload", found.id, organization_id)
    words = {
        "created": _("Accepted"),
        "present": _("Accepted"),
        "held": _("Accepted, being checked by staff"),
        "mistaken": _("Needs mending"),
        "waiting": _("Waiting"),
    }
    book = results_of_upload(context.db(), context.storage(), found, words)
    return download(book, _("Results of the upload.xlsx"), XLSX_TYPE)


@portal.page(f"{PLACE}/template.xlsx", needs=Permission.UPLOAD_PEOPLE)
def upload_template(organization_id: UUID) -> Response:
    """The empty workbook to fill in."""
    del organization_id
    return download(recipient_template(), _("Recipient upload.xlsx"), XLSX_TYPE)


@portal.page(f"{PLACE}/template.csv", needs=Permission.UPLOAD_PEOPLE)
def upload_template_csv(organization_id: UUID) -> Response:
    """The same columns as CSV."""
    del organization_id
    return download(recipient_template_csv(), _("Recipient upload.csv"), CSV_TYPE)
