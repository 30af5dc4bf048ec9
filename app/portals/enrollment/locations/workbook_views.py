"""Many locations at once: the template, the upload, and the rows that come back to be mended."""

from uuid import UUID

from flask import Response, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from app.documents.workbooks import XLSX_TYPE, locations_template, locations_to_mend
from app.domain.accounts.access import Permission
from app.domain.enrollment import states
from app.domain.enrollment.errors import NotNow
from app.domain.enrollment.import_locations import Imported, ImportLocations, import_locations
from app.domain.enrollment.location_rows import MOST_ROWS, read_locations
from app.domain.enrollment.queries import get_enrollment
from app.domain.errors import NotFound
from app.infra.spreadsheet import UnreadableFile
from app.portals.enrollment.portal import portal
from app.web import context
from app.web.answers import done, download, show
from app.web.forms import add_error
from app.web.mending import SHOWN, WorkbookForm, keep_outcome, kept_outcome, refusal_text

PLACE = "/<uuid:enrollment_id>/locations/workbook"
KIND = "enrollment locations to mend"
_EDIT = Permission.EDIT_SECTION_A


@portal.action(PLACE, needs=_EDIT)
def locations_workbook(enrollment_id: UUID) -> Response:
    """Upload a filled-in workbook; good rows are taken at once, the others come back."""
    enrollment = get_enrollment(context.db(), context.actor(), enrollment_id)
    list_url = url_for("enrollment.locations", enrollment_id=enrollment_id)
    if enrollment.status not in states.EDITABLE:
        return done(list_url, _("Locations cannot be added at the moment."), "warning")
    form = WorkbookForm()
    if form.submitted():
        try:
            imported = _take(enrollment_id, form)
        except UnreadableFile as unreadable:
            add_error(form.file, refusal_text(unreadable))
        except NotNow:
            return done(list_url, _("Locations cannot be added at the moment."), "warning")
        else:
            if imported.mistaken:
                return done(url_for("enrollment.locations_workbook", enrollment_id=enrollment_id))
            return done(list_url, added_text(imported.added, imported.present))
    return show(
        "enrollment/locations/workbook.html", form=form, enrollment=enrollment, most=MOST_ROWS, shown=SHOWN,
        outcome=kept_outcome(KIND, enrollment_id), added_text=added_text,
    )  # fmt: skip


@portal.page(f"{PLACE}/template.xlsx", needs=_EDIT)
def locations_workbook_template(enrollment_id: UUID) -> Response:
    """The empty workbook to fill in."""
    del enrollment_id
    return download(locations_template(), _("Locations.xlsx"), XLSX_TYPE)


@portal.page(f"{PLACE}/rows-to-mend.xlsx", needs=_EDIT)
def locations_to_mend_workbook(enrollment_id: UUID) -> Response:
    """The rows that could not be taken, with the mistakes beside the cells."""
    outcome = kept_outcome(KIND, enrollment_id)
    if outcome is None:
        raise NotFound
    return download(locations_to_mend(outcome.rows), _("Locations to mend.xlsx"), XLSX_TYPE)


def added_text(added: int, present: int) -> str:
    """How many locations of a file were added, and how many were there already."""
    text = ngettext("%(num)s location was added.", "%(num)s locations were added.", added)
    if present:
        text += " " + ngettext("%(num)s was there already.", "%(num)s were there already.", present)
    return text


def _take(enrollment_id: UUID, form: WorkbookForm) -> Imported:
    """Raises UnreadableFile or NotNow."""
    rows = read_locations(form.file.data.read(), filename=form.file.data.filename or "")
    command = ImportLocations(enrollment_id, rows)
    imported = import_locations(context.db(), context.actor(), command, now=context.now())
    keep_outcome(KIND, enrollment_id, imported.added, imported.present, imported.mistaken)
    context.wake("mail")
    return imported
