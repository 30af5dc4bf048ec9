"""HCP User Onboarding: the template, the upload, and the rows that come back to be mended."""

from uuid import UUID

from flask import Response, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from app.documents.workbooks import CSV_TYPE, XLSX_TYPE
from app.documents.workbooks.users import users_template, users_template_csv, users_to_mend
from app.domain.accounts.access import Permission
from app.domain.errors import NotFound
from app.domain.providers.import_users import ImportedUsers, ImportUsers, import_users
from app.domain.providers.user_rows import MOST_ROWS, read_users
from app.infra.spreadsheet import UnreadableFile
from app.portals.provider.portal import portal
from app.web import context
from app.web.answers import done, download, show
from app.web.forms import add_error
from app.web.mending import SHOWN, WorkbookForm, keep_outcome, kept_outcome, refusal_text

_NEEDS = Permission.MANAGE_USERS
_PLACE = "/<uuid:location_id>/users/workbook"
KIND = "location users to mend"


@portal.action(_PLACE, needs=_NEEDS)
def users_workbook(location_id: UUID) -> Response:
    """Upload a filled-in workbook; good rows are carried out at once, the others come back."""
    form = WorkbookForm()
    if form.submitted():
        try:
            imported = _take(location_id, form)
        except UnreadableFile as unreadable:
            add_error(form.file, refusal_text(unreadable))
        else:
            if imported.mistaken:
                return done(url_for("provider.users_workbook", location_id=location_id))
            url = url_for("provider.users", location_id=location_id)
            return done(url, added_text(_carried_out(imported), imported.count("present")))
    return show(
        "provider/users/workbook.html", form=form, location_id=location_id, most=MOST_ROWS, shown=SHOWN,
        outcome=kept_outcome(KIND, location_id), added_text=added_text,
    )  # fmt: skip


@portal.page(f"{_PLACE}/template.<any(xlsx,csv):ending>", needs=_NEEDS)
def users_workbook_template(location_id: UUID, ending: str) -> Response:
    """The empty template to fill in."""
    del location_id
    if ending == "csv":
        return download(users_template_csv(), _("HCP users.csv"), CSV_TYPE)
    return download(users_template(), _("HCP users.xlsx"), XLSX_TYPE)


@portal.page(f"{_PLACE}/rows-to-mend.xlsx", needs=_NEEDS)
def users_to_mend_workbook(location_id: UUID) -> Response:
    """The rows that could not be taken, with the mistakes beside the cells."""
    outcome = kept_outcome(KIND, location_id)
    if outcome is None:
        raise NotFound
    return download(users_to_mend(outcome.rows), _("HCP users to mend.xlsx"), XLSX_TYPE)


def added_text(carried_out: int, present: int) -> str:
    """How many rows of a file were carried out, and how many asked for what was so already."""
    text = ngettext("%(num)s row was carried out.", "%(num)s rows were carried out.", carried_out)
    if present:
        text += " " + ngettext("%(num)s was so already.", "%(num)s were so already.", present)
    return str(text)


def _carried_out(imported: ImportedUsers) -> int:
    return imported.count("invited", "granted", "deactivated")


def _take(location_id: UUID, form: WorkbookForm) -> ImportedUsers:
    """Raises UnreadableFile."""
    rows = read_users(form.file.data.read(), filename=form.file.data.filename or "")
    imported = import_users(context.db(), context.actor(), ImportUsers(location_id, rows), now=context.now())
    keep_outcome(KIND, location_id, _carried_out(imported), imported.count("present"), imported.mistaken)
    context.wake("mail")
    return imported
