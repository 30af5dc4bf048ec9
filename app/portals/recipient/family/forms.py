"""A child is added, and acting for somebody ends."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField, StringField
from wtforms.validators import InputRequired, Length

from app.web.forms import Form, MemorableDateField, choices

RELATIONS = {
    "parent": _l("I am the mother or father"),
    "legal_guardian": _l("I am the legal guardian"),
    "foster": _l("I am the foster parent"),
    "other": _l("I may decide for the child in another way"),
}


class AddForm(Form):
    """The child, and what the guardian says and agrees to."""

    first_name = StringField(
        _l("First name of the child"),
        [InputRequired(_l("Enter the first name")), Length(max=40, message=_l("Use 40 characters or fewer"))],
        description=_l("The legal name, as on official papers."),
    )
    last_name = StringField(
        _l("Last name of the child"),
        [InputRequired(_l("Enter the last name")), Length(max=80, message=_l("Use 80 characters or fewer"))],
    )
    birth_date = MemorableDateField(
        _l("Date of birth"),
        [InputRequired(_l("Enter the date of birth"))],
        description=_l("Month, day and year, such as 4 28 2009. It decides from which age on a vaccine may be given."),
    )
    relation = RadioField(
        _l("Who are you to the child?"), [InputRequired(_l("Choose one"))], choices=choices(RELATIONS.items())
    )
    right = BooleanField(
        _l("I may decide for this child, and what I say here is true"), [InputRequired(_l("Tick the box to go on"))]
    )
    consent = BooleanField(
        _l("I agree that the child is vaccinated against COVID-19"),
        description=_l("You may leave this open, and agree or take it back later. The clinic sees what you chose."),
    )


class EndForm(Form):
    """Acting for somebody ends."""

    sure = BooleanField(
        _l("I do not want to act for this person any more"), [InputRequired(_l("Tick the box to go on"))]
    )
