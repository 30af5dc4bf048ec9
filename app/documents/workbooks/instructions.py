"""The words of the template's second sheet."""

from flask_babel import gettext as _


def opening() -> tuple[tuple[str, str], ...]:
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
            _(
                "The gray row shows how to fill in the sheet. "
                "We leave it out; you may write over it or delete it."
            ),
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


def columns() -> dict[str, str]:
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
