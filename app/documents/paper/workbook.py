"""The workbook of doses from paper: template with the location's lots, and rows to mend."""

from collections.abc import Iterable

from flask_babel import gettext as _

from app.documents.workbooks.form import Form, Look
from app.documents.workbooks.returned import ToMend, mistakes_workbook
from app.documents.workbooks.template import template
from app.domain.vaccinations.paper_rows import COLUMNS, EXAMPLE, MOST_ROWS, SCREENED, SHEET_NAME, YES
from app.domain.vaccinations.sites import SITES, SUFFIXES


def paper_template(lots: Iterable[str]) -> bytes:
    """The .xlsx template: sheets Doses from paper, Instructions and (hidden) Lists. `lots` as the drop-down names them."""
    return template(_form(tuple(lots)))


def paper_rows_to_mend(rows: Iterable[ToMend], lots: Iterable[str]) -> bytes:
    """The rows that could not be taken, as typed, with the mistakes beside the cells."""
    return mistakes_workbook(rows, _form(tuple(lots)))


def _form(lots: tuple[str, ...]) -> Form:
    looks = {
        "last_name": Look(22),
        "first_name": Look(18),
        "birth_date": Look(14, is_date=True),
        "phone": Look(14, as_text=True),
        "zip": Look(10, as_text=True),
        "given_on": Look(14, is_date=True),
        "given_time": Look(11, as_text=True),
        "lot": Look(28, choices=lots),
        "site": Look(20, choices=SITES.labels),
        "clinician_name": Look(22),
        "clinician_suffix": Look(13, choices=SUFFIXES.labels),
        "screening": Look(20, choices=SCREENED.labels),
        "fact_sheet": Look(12, choices=YES.labels),
        "reason": Look(34),
    }
    return Form(SHEET_NAME, COLUMNS, looks, EXAMPLE, MOST_ROWS, _opening, _hints)


def _opening() -> tuple[tuple[str, str], ...]:
    return (
        (_("One row for each dose"), _("Write on the sheet “Doses from paper”, below the headings.")),
        (
            _("The example row"),
            _("The gray row shows how to fill in the sheet. We leave it out; you may write over it or delete it."),
        ),
        (
            _("Other answers than “no”"),
            _("A person who answered yes to a screening question, or did not know, is entered on the page, not here."),
        ),
        (
            _("When something is wrong"),
            _(
                "Good rows are taken at once. The others come back as a workbook with the mistakes beside "
                "them: mend them there and upload that workbook. "
                "No dose is entered twice, even if you send a file again."
            ),
        ),
        (
            _("Where to save"),
            _("Save as Excel Workbook (.xlsx) or CSV UTF-8, without a password. One file may hold 500 doses."),
        ),
    )


def _hints() -> dict[str, str]:
    return {
        "last_name": _("The legal name, as on an identity card."),
        "first_name": _("The legal name, as on an identity card."),
        "birth_date": _("Month, day and year, like 02/14/1980."),
        "phone": _("Ten digits. Helps to tell people of the same name apart."),
        "zip": _("Of the home address. Helps to tell people of the same name apart."),
        "given_on": _("The true date of the dose, like 03/01/2021."),
        "given_time": _("Like 9:30 AM or 1415. Empty: noon."),
        "lot": _("Choose from the list: the lots of your location."),
        "site": _("Choose from the list. Empty: left deltoid."),
        "clinician_name": _("Who gave the dose."),
        "clinician_suffix": _("Choose from the list."),
        "screening": _("What the paper says about the screening questions."),
        "fact_sheet": _("Yes, when the person has the fact sheet for this vaccine."),
        "reason": _("Only where something speaks against the dose: why it was given all the same."),
    }
