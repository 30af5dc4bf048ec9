"""What agents can do with a case. Each form carries the version of the case that was looked at."""

from flask_babel import lazy_gettext as _l
from flask_wtf.file import MultipleFileField
from wtforms import HiddenField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length

from app.web.forms import Form

_TEXT = [DataRequired(_l("Write something first")), Length(max=8000, message=_l("Use 8,000 characters or fewer"))]


class ActForm(Form):
    """A button."""

    version = HiddenField()


class ReplyForm(ActForm):
    """To the requester: a message, a question, or a solution with its kind."""

    text = TextAreaField(_l("Message to the requester"), _TEXT)
    resolution = SelectField(_l("How it was settled (for a solution)"), validate_choice=False)
    files = MultipleFileField(_l("Files"))


class NoteForm(ActForm):
    """For agents only."""

    text = TextAreaField(_l("Note, for agents only"), _TEXT)


class SortForm(ActForm):
    """Who answers, in which team, and what it is about."""

    agent = SelectField(_l("Assign to"), validate_choice=False)
    team = SelectField(_l("Hand over to team"), validate_choice=False)
    why = StringField(_l("Why (for a hand-over)"), [Length(max=500)])
    request_type = SelectField(_l("Request type"), validate_choice=False)


class MergeForm(ActForm):
    """The same request came twice."""

    into = StringField(
        _l("Join with case number"), [DataRequired(_l("Enter the number of the case that goes on")), Length(max=12)]
    )


class LinkForm(ActForm):
    """The record that a case is about."""

    record = StringField(
        _l("Code of a recipient, or Provider PIN"), [DataRequired(_l("Enter the code or the PIN")), Length(max=20)]
    )


class FindForm(Form):
    """What a caller says."""

    typed = StringField(
        _l("Number, name, e-mail address, organization or PIN"),
        [DataRequired(_l("Type something first")), Length(max=200)],
    )
