"""The workbook of a location's practising providers: template and rows to mend."""

from collections.abc import Iterable

from flask_babel import gettext as _

from app.documents.workbooks.form import Form, Look
from app.documents.workbooks.returned import ToMend, mistakes_workbook
from app.documents.workbooks.template import template
from app.domain.enrollment.lists import TITLES
from app.domain.enrollment.provider_rows import COLUMNS, EXAMPLE, MOST_ROWS, SHEET_NAME

_LOOKS = {
    "first_name": Look(20),
    "last_name": Look(26),
    "title": Look(32, choices=TITLES.labels),
    "license_number": Look(20, as_text=True),
}


def providers_template() -> bytes:
    """The .xlsx template: sheets Practicing Providers, Instructions and (hidden) Lists."""
    return template(PROVIDERS)


def providers_to_mend(rows: Iterable[ToMend]) -> bytes:
    """The rows that could not be taken, as typed, with the mistakes beside the cells."""
    return mistakes_workbook(rows, PROVIDERS)


def _opening() -> tuple[tuple[str, str], ...]:
    return (
        (
            _("One row for each provider"),
            _("Write on the sheet “Practicing Providers”, below the headings, one person below the other."),
        ),
        (
            _("Who belongs here"),
            _("Everybody at this location who may prescribe vaccine, such as physicians, nurse practitioners and pharmacists."),
        ),
        (
            _("The example row"),
            _("The gray row shows how to fill in the sheet. We leave it out; you may write over it or delete it."),
        ),
        (
            _("When something is wrong"),
            _(
                "Good rows are taken at once. The others come back as a workbook with the mistakes beside "
                "them: mend them there and upload that workbook. "
                "Nobody is entered twice, even if you send a file again."
            ),
        ),
        (
            _("Where to save"),
            _("Save as Excel Workbook (.xlsx) or CSV UTF-8, without a password. One file may hold 2,000 people."),
        ),
    )


def _hints() -> dict[str, str]:
    return {
        "first_name": _("As on the license."),
        "last_name": _("As on the license."),
        "title": _("Choose from the list."),
        "license_number": _("As the licensing board writes it."),
    }


PROVIDERS = Form(SHEET_NAME, COLUMNS, _LOOKS, EXAMPLE, MOST_ROWS, _opening, _hints)
