"""What to announce, to whom and when."""

from datetime import datetime, time, timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField, SelectField, StringField, TextAreaField, TimeField
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from app.domain.program.notices.current import PORTALS
from app.domain.program.notices.schedule import ScheduleNotice
from app.web.forms import BoxesField, Form, MemorableDateField, choices

WORDS = {
    "enrollment": _l("Provider Enrollment Portal"),
    "provider": _l("Provider Portal"),
    "organization": _l("Organization Portal"),
    "recipient": _l("Recipient Portal"),
    "helpdesk": _l("Help Desk Portal"),
    "state": _l("State Portal"),
}
AT_ONCE = "365"
_DAYS = (("1", _l("1 day before it begins")), ("3", _l("3 days before")), ("7", _l("7 days before")))


class NoticeForm(Form):
    """A notice or a planned downtime. Without a day it begins now."""

    kind = RadioField(
        _l("What is it?"),
        [InputRequired(_l("Choose what it is"))],
        choices=choices([("notice", _l("A notice")), ("downtime", _l("Planned downtime"))]),
    )
    title = StringField(_l("Title"), [InputRequired(_l("Enter a title")), Length(max=120)])
    text = TextAreaField(_l("Text"), [InputRequired(_l("Enter the text")), Length(max=1000)])
    title_es = StringField(_l("Title in Spanish"), [Length(max=120)], description=_l("Needed where recipients see it."))
    text_es = TextAreaField(_l("Text in Spanish"), [Length(max=1000)])
    portals = BoxesField(
        _l("Where is it shown?"),
        choices=choices([(code, WORDS[code]) for code in PORTALS]),
        description=_l("On every page of these portals. With all of them also on the front door."),
    )
    starts_on = MemorableDateField(_l("Begins on"), description=_l("Leave day and time empty for now."))
    starts_time = TimeField(_l("Begins at"), [Optional()])
    ends_on = MemorableDateField(_l("Ends on"), [InputRequired(_l("Enter the day on which it ends"))])
    ends_time = TimeField(_l("Ends at"), [InputRequired(_l("Enter the time"))])
    read_only = BooleanField(
        _l("Nothing can be changed in that time, in any portal"),
        description=_l("Every page can still be read, and sign-in works. It is then shown in all portals."),
    )
    shown = SelectField(
        _l("Shown from"), choices=choices([("0", _l("Only when it begins")), *_DAYS, (AT_ONCE, _l("At once"))]), default=AT_ONCE
    )
    mail = SelectField(
        _l("Mail to those who work there"),
        choices=choices([("", _l("No mail")), *_DAYS, (AT_ONCE, _l("At once"))]),
        description=_l("Everybody with a part in these portals gets it once. Recipients get no mail."),
    )

    def validate_starts_time(self, _field: TimeField) -> None:
        """A time without its day would begin at once."""
        if self.starts_time.data and not self.starts_on.data:
            raise ValidationError(_("Enter the day as well, or leave day and time empty for now"))

    def command(self, zone: Any, now: datetime) -> ScheduleNotice:
        """What was asked for. The form is in order."""
        starts = _moment(self.starts_on.data, self.starts_time.data or time(0), zone) if self.starts_on.data else now
        shown = starts - timedelta(days=int(self.shown.data))
        return ScheduleNotice(
            self.kind.data, self.title.data or "", self.text.data or "", self.title_es.data or "", self.text_es.data or "",
            tuple(self.portals.data or ()), max(shown, now) if starts > now else starts, starts,
            _moment(self.ends_on.data, self.ends_time.data, zone), bool(self.read_only.data),
            int(self.mail.data) if self.mail.data else None,
        )  # fmt: skip


class SwitchForm(Form):
    """Resting at once, and being back."""

    because = StringField(
        _l("Why"), [Length(max=255)], description=_l("Needed to stop the work. For the history only: it is not shown on the pages.")
    )


def _moment(day: Any, at: time | None, zone: Any) -> datetime:
    return datetime.combine(day, at or time(0), tzinfo=zone)
