"""What goes back into a case after its workbook was run: a sentence for the requester, the result, the rows to mend.

A case is read by whoever holds its link: of a row that was taken nobody is told whether the person was on record already.
"""

from typing import TYPE_CHECKING

from flask_babel import gettext as _

from app.documents.workbooks.of_upload import results_of_upload, rows_to_mend
from app.documents.workbooks.practising_providers import providers_to_mend
from app.documents.workbooks.users import users_to_mend
from app.domain.helpdesk.attachments import CheckedFile

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.domain.helpdesk.models import WorkbookRun
    from app.domain.helpdesk.run_workbook import CarriedOut
    from app.domain.uploads.models import Upload
    from app.infra.storage import FolderStorage

_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def result_of_short(run: "WorkbookRun", came: "CarriedOut") -> tuple[str, list[CheckedFile]]:
    """Of users or practising providers."""
    text = _(
        "Your workbook was run for %(place)s. Rows carried out: %(done)s. So already: %(present)s. To mend: %(wrong)s.",
        place=run.place_name, done=came.done, present=came.present, wrong=len(came.mistaken),
    )  # fmt: skip
    if not came.mistaken:
        return text, []
    make = users_to_mend if run.kind == "users" else providers_to_mend
    return f"{text}\n\n{_to_mend()}", [CheckedFile(_("Rows to mend.xlsx"), _TYPE, make(came.mistaken))]


def result_of_upload(
    session: "Session", storage: "FolderStorage", run: "WorkbookRun", upload: "Upload"
) -> tuple[str, list[CheckedFile]]:
    """Of recipients."""
    if upload.status == "failed":
        return _("Your workbook could not be finished for %(place)s. We look into it.", place=run.place_name), []
    words = {
        "created": _("Accepted"),
        "present": _("Accepted"),
        "held": _("Accepted, being checked"),
        "mistaken": _("Needs mending"),
        "waiting": _("Waiting"),
    }
    text = _(
        "Your workbook was run for %(place)s. People in it: %(rows)s. Accepted: %(done)s. To mend: %(wrong)s.",
        place=run.place_name, rows=f"{upload.rows_total:,}", done=f"{upload.rows_total - upload.mistaken_count:,}",
        wrong=f"{upload.mistaken_count:,}",
    )  # fmt: skip
    files = [
        CheckedFile(_("Results of the upload.xlsx"), _TYPE, results_of_upload(session, storage, upload, words))
    ]
    if upload.mistaken_count:
        files.append(CheckedFile(_("Rows to mend.xlsx"), _TYPE, rows_to_mend(session, upload)))
        text = f"{text}\n\n{_to_mend()}"
    return text, files


def _to_mend() -> str:
    return str(
        _(
            "The rows to mend are attached, with the mistakes beside them. Mend them there and send that workbook with "
            "your answer. Nobody is entered twice."
        )
    )
