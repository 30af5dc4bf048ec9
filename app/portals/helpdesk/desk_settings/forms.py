"""What supervisors steer the help desk with. Numbers and places are looked at by the domain."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length

from app.web.forms import Form, MemorableDateField

_FIRST = [DataRequired(_l("Enter the day from which it holds"))]


class DataForm(Form):
    """`seen` is the mark of what stood there when the form was opened."""

    seen = HiddenField()


class AnnouncementForm(DataForm):
    """Shown to an audience from a day to a day."""

    audience = SelectField(_l("Shown to"), validate_choice=False)
    text = TextAreaField(_l("Text in English"), [DataRequired(_l("Write the text"))])
    text_es = TextAreaField(_l("Text in Spanish"))
    first_day = MemorableDateField(_l("First day"), _FIRST)
    last_day = MemorableDateField(_l("Last day"), [DataRequired(_l("Enter the last day on which it is shown"))])


class RequestTypeForm(DataForm):
    """What a request can be about."""

    audience = SelectField(_l("Audience"), validate_choice=False)
    name = StringField(_l("Name in English"), [DataRequired(_l("Enter the name"))])
    name_es = StringField(_l("Name in Spanish"))
    position = StringField(_l("Place in the list"), [DataRequired(_l("Enter a number; the smallest comes first"))])
    team = SelectField(_l("Team"), validate_choice=False)
    priority = SelectField(_l("Priority"), validate_choice=False)
    first_day = MemorableDateField(_l("First day"), _FIRST)
    last_day = MemorableDateField(_l("Last day"))


class RouteForm(DataForm):
    """Requests that go elsewhere than their type says."""

    audience = SelectField(_l("Audience"), validate_choice=False)
    request_type = SelectField(_l("Request type"), validate_choice=False)
    language = SelectField(_l("Language"), validate_choice=False)
    team = SelectField(_l("Goes to team"), validate_choice=False)
    priority = SelectField(_l("Priority"), validate_choice=False)
    first_day = MemorableDateField(_l("First day"), _FIRST)
    last_day = MemorableDateField(_l("Last day"))


class ReadyAnswerForm(DataForm):
    """A text that agents insert."""

    team = SelectField(_l("Team"), validate_choice=False)
    name = StringField(_l("Name"), [DataRequired(_l("Enter the name"))])
    language = SelectField(_l("Language"), validate_choice=False)
    text = TextAreaField(_l("Text"), [DataRequired(_l("Write the text"))])
    first_day = MemorableDateField(_l("First day"), _FIRST)
    last_day = MemorableDateField(_l("Last day"))


class ClockDaysForm(DataForm):
    """After how many days what happens by itself."""

    first_day = MemorableDateField(_l("Holds from"), _FIRST)
    first_reminder_days = StringField(_l("First reminder after days"))
    second_reminder_days = StringField(_l("Second reminder after days"))
    close_days = StringField(_l("Closed after days without an answer"))
    reopen_days = StringField(_l("Can be opened again for days"))
    link_days = StringField(_l("The link of a mail works for days"))


class TeamForm(DataForm):
    """How a team is called."""

    name = StringField(_l("Name"), [DataRequired(_l("Enter the name"))])


class InviteForm(Form):
    """Who is to answer in the team."""

    first_name = StringField(_l("First name"), [DataRequired(_l("Enter the first name"))])
    last_name = StringField(_l("Last name"), [DataRequired(_l("Enter the last name"))])
    email = StringField(_l("E-mail address"), [DataRequired(_l("Enter the address for the invitation"))])
    user_name = StringField(_l("User name"), [DataRequired(_l("Enter the name to sign in with"))])
    is_supervisor = BooleanField(_l("Supervises the team: sees the figures and these settings"))


class EndForm(Form):
    """A button."""


class ArticleForm(Form):
    """An article. `seen` is the version that was opened."""

    seen = HiddenField()
    slug = StringField(_l("Name in the address"), [Length(max=60)])
    language = SelectField(_l("Language"), validate_choice=False)
    audience = SelectField(_l("For whom"), validate_choice=False)
    kind = SelectField(_l("Kind"), validate_choice=False)
    title = StringField(_l("Title"), [DataRequired(_l("Enter the title"))])
    keywords = StringField(_l("Words that people search it by"))
    page = StringField(_l("Page that it leads to"))
    text = TextAreaField(_l("Text"), [DataRequired(_l("Write the text"))])


class VersionForm(Form):
    """A button about an article; `seen` is the version that is shown."""

    seen = HiddenField()
