"""The HCP User Onboarding workbook: template and rows to mend."""

from collections.abc import Iterable

from flask_babel import gettext as _

from app.documents.workbooks.form import Form, Look
from app.documents.workbooks.returned import ToMend, mistakes_workbook
from app.documents.workbooks.template import template, template_csv
from app.domain.providers.user_details import PROFILES
from app.domain.providers.user_rows import ACTIONS, COLUMNS, EXAMPLE, MOST_ROWS, SHEET_NAME

_LOOKS = {
    "location": Look(14, as_text=True),
    "first_name": Look(18),
    "last_name": Look(24),
    "email": Look(36),
    "ncid": Look(20, as_text=True),
    "profile": Look(28, choices=PROFILES.labels),
    "action": Look(14, choices=ACTIONS.labels),
}


def users_template() -> bytes:
    """The .xlsx template: sheets HCP Users, Instructions and (hidden) Lists."""
    return template(USERS)


def users_template_csv() -> bytes:
    """The same columns and example row as CSV."""
    return template_csv(USERS)


def users_to_mend(rows: Iterable[ToMend]) -> bytes:
    """The rows that could not be taken, as typed, with the mistakes beside the cells."""
    return mistakes_workbook(rows, USERS)


def _opening() -> tuple[tuple[str, str], ...]:
    return (
        (
            _("One row for each person"),
            _("Write on the sheet “HCP Users”, below the headings, one person below the other."),
        ),
        (
            _("What happens then"),
            _(
                "Everybody new gets a mail with the way to choose a password. Somebody who has an account with this NCID "
                "user name gets your location in that account, and a mail that says so."
            ),
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
            _("Save as Excel Workbook (.xlsx) or CSV UTF-8, without a password. One file may hold 200 people."),
        ),
    )


def _hints() -> dict[str, str]:
    return {
        "location": _("The Provider PIN or the name of your location. You may leave it empty."),
        "first_name": _("As on official papers."),
        "last_name": _("As on official papers."),
        "email": _("The invitation goes to this address. Take care that it is right."),
        "ncid": _("The person’s own NCID user name, not the e-mail address. It is the user name in the Provider Portal."),
        "profile": _("Choose from the list. A Healthcare Location Manager also looks after stock, uploads and users."),
        "action": _("Add, or Deactivate for somebody who left: then only the NCID user name is needed. Empty means Add."),
    }


USERS = Form(SHEET_NAME, COLUMNS, _LOOKS, EXAMPLE, MOST_ROWS, _opening, _hints)
