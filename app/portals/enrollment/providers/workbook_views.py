"""Many practising providers at once: the template, the upload, and the rows that come back to be mended."""

from uuid import UUID

from flask import Response, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from app.documents.workbooks import XLSX_TYPE, providers_template, providers_to_mend
from app.domain.enrollment.errors import NotNow
from app.domain.enrollment.import_locations import Imported
from app.domain.enrollment.import_providers import ImportProviders, import_providers
from app.domain.enrollment.provider_rows import MOST_ROWS, WORKBOOK_FROM, read_providers
from app.domain.errors import NotFound
from app.infra.spreadsheet import UnreadableFile
from app.portals.enrollment.portal import portal
from app.portals.enrollment.section_b.place import EDIT, ONE, find_place
from app.web import context
from app.web.answers import done, download, show
from app.web.forms import add_error
from app.web.mending import SHOWN, WorkbookForm, keep_outcome, kept_outcome, refusal_text

WORKBOOK = f"{ONE}/providers/workbook"
KIND = "enrollment providers to mend"


@portal.action(WORKBOOK, needs=EDIT)
def providers_workbook(enrollment_id: UUID, enrolled_location_id: UUID) -> Response:
    """Upload a filled-in workbook; good rows are taken at once, the others come back."""
    place, form = find_place(enrollment_id, enrolled_location_id), WorkbookForm()
    if not place.may_edit:
        return place.refuse()
    if form.submitted():
        try:
            imported = _take(enrolled_location_id, form)
        except UnreadableFile as unreadable:
            add_error(form.file, refusal_text(unreadable))
        except NotNow:
            return place.refuse()
        else:
            if imported.mistaken:
                return done(url_for("enrollment.providers_workbook", **place.ids))
            return done(url_for("enrollment.providers", **place.ids), added_text(imported.added, imported.present))
    return show(
        "enrollment/providers/workbook.html", form=form, place=place, most=MOST_ROWS, shown=SHOWN,
        workbook_from=WORKBOOK_FROM, outcome=kept_outcome(KIND, enrolled_location_id), added_text=added_text,
    )  # fmt: skip


@portal.page(f"{WORKBOOK}/template.xlsx", needs=EDIT)
def providers_workbook_template(enrollment_id: UUID, enrolled_location_id: UUID) -> Response:
    """The empty workbook to fill in."""
    del enrollment_id, enrolled_location_id
    return download(providers_template(), _("Practicing providers.xlsx"), XLSX_TYPE)


@portal.page(f"{WORKBOOK}/rows-to-mend.xlsx", needs=EDIT)
def providers_to_mend_workbook(enrollment_id: UUID, enrolled_location_id: UUID) -> Response:
    """The rows that could not be taken, with the mistakes beside the cells."""
    del enrollment_id
    outcome = kept_outcome(KIND, enrolled_location_id)
    if outcome is None:
        raise NotFound
    return download(providers_to_mend(outcome.rows), _("Practicing providers to mend.xlsx"), XLSX_TYPE)


def added_text(added: int, present: int) -> str:
    """How many people of a file were added, and how many were there already."""
    text = ngettext("%(num)s person was added.", "%(num)s people were added.", added)
    if present:
        text += " " + ngettext("%(num)s was there already.", "%(num)s were there already.", present)
    return text


def _take(enrolled_location_id: UUID, form: WorkbookForm) -> Imported:
    """Raises UnreadableFile or NotNow."""
    rows = read_providers(form.file.data.read(), filename=form.file.data.filename or "")
    command = ImportProviders(enrolled_location_id, rows)
    imported = import_providers(context.db(), context.actor(), command, now=context.now())
    keep_outcome(KIND, enrolled_location_id, imported.added, imported.present, imported.mistaken)
    return imported
