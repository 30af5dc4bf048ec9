"""The workbook of an organization's locations: template and rows to mend."""

from collections.abc import Iterable

from flask_babel import gettext as _

from app.documents.workbooks.form import Form, Look
from app.documents.workbooks.returned import ToMend, mistakes_workbook
from app.documents.workbooks.template import template
from app.domain.enrollment.location_rows import COLUMNS, EXAMPLE, MOST_ROWS, SHEET_NAME
from app.domain.program.counties import COUNTIES
from app.domain.program.states import STATES

_LOOKS = {
    "name": Look(34),
    "street": Look(28),
    "street_2": Look(16),
    "city": Look(18),
    "state": Look(18, choices=STATES.labels),
    "county": Look(16, choices=COUNTIES.labels),
    "zip": Look(12, as_text=True),
    "coordinator_first_name": Look(16),
    "coordinator_middle_initial": Look(12),
    "coordinator_last_name": Look(20),
    "coordinator_email": Look(32),
    "coordinator_phone": Look(16, as_text=True),
}


def locations_template() -> bytes:
    """The .xlsx template: sheets Locations, Instructions and (hidden) Lists."""
    return template(LOCATIONS)


def locations_to_mend(rows: Iterable[ToMend]) -> bytes:
    """The rows that could not be taken, as typed, with the mistakes beside the cells."""
    return mistakes_workbook(rows, LOCATIONS)


def _opening() -> tuple[tuple[str, str], ...]:
    return (
        (
            _("One row for each location"),
            _("Write on the sheet “Locations”, below the headings, every place where your organization gives vaccine."),
        ),
        (
            _("The Vaccine Coordinator"),
            _(
                "Each location has one. Once you have completed Section A, they receive a mail that invites them "
                "to answer the questions about their location. One person may coordinate several locations."
            ),
        ),
        (
            _("Headings with an asterisk are required"),
            _("Please keep the headings as they are. Their order does not matter."),
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
                "No location is entered twice, even if you send a file again."
            ),
        ),
        (
            _("Where to save"),
            _("Save as Excel Workbook (.xlsx) or CSV UTF-8, without a password. One file may hold 1,000 locations."),
        ),
    )


def _hints() -> dict[str, str]:
    return {
        "name": _("As people know this location; it may differ from the name of the organization."),
        "street": _("House number and street."),
        "street_2": _("Suite, building or floor, if there is one."),
        "city": _("The city of the address."),
        "state": _("Choose from the list. Left empty it means North Carolina."),
        "county": _("For addresses in North Carolina. Choose from the list."),
        "zip": _("Five digits, or nine like 27601-1234."),
        "coordinator_first_name": _("Of the person who looks after the vaccine at this location."),
        "coordinator_middle_initial": _("One letter, if there is one."),
        "coordinator_last_name": _("Of the same person."),
        "coordinator_email": _("The invitation goes to this address. Take care that it is right."),
        "coordinator_phone": _("Ten digits without spaces or dashes, like 9195555555."),
    }


LOCATIONS = Form(SHEET_NAME, COLUMNS, _LOOKS, EXAMPLE, MOST_ROWS, _opening, _hints)
