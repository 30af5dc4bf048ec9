"""The workbook of the recipient upload: one person a row."""

from flask_babel import gettext as _

from app.documents.workbooks.form import Form, Look
from app.documents.workbooks.template import template, template_csv
from app.domain.program.counties import COUNTIES
from app.domain.program.demographics import ETHNICITIES, GENDERS, RACES
from app.domain.program.industries import INDUSTRIES
from app.domain.program.states import STATES
from app.domain.recipients.recipient_rows import COLUMNS, EXAMPLE, PORTAL_ROWS, SHEET_NAME

LOOKS = {
    "first_name": Look(16),
    "middle_name": Look(14),
    "last_name": Look(20),
    "suffix": Look(8),
    "birth_date": Look(14, is_date=True),
    "email": Look(30),
    "phone": Look(14, as_text=True),
    "street": Look(28),
    "city": Look(18),
    "county": Look(16, choices=COUNTIES.labels),
    "state": Look(18, choices=STATES.labels),
    "zip": Look(12, as_text=True),
    "gender": Look(20, choices=GENDERS.labels),
    "race": Look(30, choices=RACES.labels, several=True),
    "ethnicity": Look(24, choices=ETHNICITIES.labels),
    "industry": Look(38, choices=INDUSTRIES.labels_of_the_day),
    "external_id": Look(16, as_text=True),
}


def recipient_template() -> bytes:
    """The .xlsx template: sheets Recipients, Instructions and (hidden) Lists."""
    return template(RECIPIENTS)


def recipient_template_csv() -> bytes:
    """The same columns and example row as CSV in UTF-8, with the mark that tells Excel so."""
    return template_csv(RECIPIENTS)


def _opening() -> tuple[tuple[str, str], ...]:
    """What to know before filling in the template: (title, text)."""
    return (*_filling_in(), *_sending())


def _filling_in() -> tuple[tuple[str, str], ...]:
    return (
        (
            _("One row for each person"),
            _("Write on the sheet “Recipients”, below the headings, one person below the other."),
        ),
        (
            _("Who belongs here"),
            _(
                "People who live or work in North Carolina and belong to a group that may be vaccinated now. "
                "You confirm this when you upload the file."
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
    )


def _sending() -> tuple[tuple[str, str], ...]:
    return (
        (
            _("How many people"),
            _(
                "Up to 100 rows: you see what happened to each row at once. "
                "101 to 5,000 rows: we work in the background and send you a mail at the end. "
                "More than 5,000: send several files, or send the file to the help desk, "
                "who can take up to 100,000 rows."
            ),
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
            _("Save as Excel Workbook (.xlsx) or CSV UTF-8, without a password."),
        ),
    )


def _hints() -> dict[str, str]:
    """What to write in each column, by its key."""
    legal = _("The legal name, as on an identity card. No nicknames, no digits.")
    listed = _("Choose from the list.")
    return {
        "first_name": legal,
        "middle_name": _("If there is one."),
        "last_name": legal,
        "suffix": _("Such as Jr., Sr. or III."),
        "birth_date": _("Month, day and year, like 02/14/1980."),
        "email": _("With it the person is invited to register. Without it they register at the visit."),
        "phone": _("Ten digits without spaces or dashes, like 9195555555."),
        "street": _("Home address: house number and street."),
        "city": _("Home city."),
        "county": _("For addresses in North Carolina. Choose from the list."),
        "state": _("The name spelled out, like North Carolina. Choose from the list."),
        "zip": _("Of the home address: five digits, or nine like 27601-1234."),
        "gender": listed,
        "race": _("Choose from the list. For several, write them with a semicolon between: Asian; White."),
        "ethnicity": listed,
        "industry": _("Choose from the list; “Other” where none fits."),
        "external_id": _("Your own number for the person, such as an employee number."),
    }


RECIPIENTS = Form(SHEET_NAME, COLUMNS, LOOKS, EXAMPLE, PORTAL_ROWS, _opening, _hints)
