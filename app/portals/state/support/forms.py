"""Telephone, hours, holidays, addresses."""

from datetime import date, datetime, time
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import StringField, TextAreaField, TimeField
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from app.domain.program.support import LONGEST_SENDER, Support
from app.web.forms import Form, MemorableDateField

_LONGEST_NAME = 60


def _time(label: Any) -> Any:
    return TimeField(label, [Optional()])


class SupportForm(Form):
    """What an audience reads and where its mails come from."""

    phone = StringField(_l("Telephone"), [InputRequired(_l("Enter the telephone number")), Length(max=40)])
    email = StringField(_l("E-mail address for questions, if any"), [Length(max=254)])
    sender_name = StringField(
        _l("Name that mails come from"), [Length(max=LONGEST_SENDER)], description=_l("Such as NC Vaccine Program")
    )
    sender_address = StringField(
        _l("Address that mails come from"), [Length(max=254)],
        description=_l("Your mail server must be allowed to send for it. Leave it empty to use the installation’s own."),
    )  # fmt: skip
    from_0, until_0 = _time(_l("Monday from")), _time(_l("until"))
    from_1, until_1 = _time(_l("Tuesday from")), _time(_l("until"))
    from_2, until_2 = _time(_l("Wednesday from")), _time(_l("until"))
    from_3, until_3 = _time(_l("Thursday from")), _time(_l("until"))
    from_4, until_4 = _time(_l("Friday from")), _time(_l("until"))
    from_5, until_5 = _time(_l("Saturday from")), _time(_l("until"))
    from_6, until_6 = _time(_l("Sunday from")), _time(_l("until"))
    holidays = TextAreaField(
        _l("Closed on these days"), [Length(max=6000)],
        description=_l("One in a line: the date and its name, such as 7/5/2021 Independence Day."), render_kw={"rows": 5},
    )  # fmt: skip
    day = MemorableDateField(_l("Holds from"), [InputRequired(_l("Enter the day from which it holds"))])

    def validate_holidays(self, field: Any) -> None:
        """Every line begins with a date."""
        for line in (field.data or "").splitlines():
            if line.strip() and _holiday(line) is None:
                raise ValidationError(
                    _("Begin each line with a date such as 7/5/2021. This one has none: %(line)s", line=line[:40])
                )

    def support(self) -> Support:
        """The form as contacts. A day without hours is closed."""
        hours: dict[int, tuple[time, time]] = {}
        for day in range(7):
            start, end = self[f"from_{day}"].data, self[f"until_{day}"].data
            if start is not None or end is not None:
                hours[day] = (start or time(0), end or time(0))
        lines = [found for line in (self.holidays.data or "").splitlines() if (found := _holiday(line))]
        phone, email, name, address = (
            str(self[field].data or "").strip() for field in ("phone", "email", "sender_name", "sender_address")
        )
        return Support(phone, email, name, address, hours=hours, holidays=dict(lines))


def data_of(support: Support) -> dict[str, Any]:
    """What the form shows of contacts."""
    lines = [f"{day.month}/{day.day}/{day.year} {name}".strip() for day, name in sorted(support.holidays.items())]
    times = {f"from_{day}": start for day, (start, _end) in support.hours.items()}
    times |= {f"until_{day}": end for day, (_start, end) in support.hours.items()}
    texts = {name: getattr(support, name) for name in ("phone", "email", "sender_name", "sender_address")}
    return {**texts, **times, "holidays": "\n".join(lines)}


def _holiday(line: str) -> tuple[date, str] | None:
    typed, _space, name = line.strip().partition(" ")
    try:
        return datetime.strptime(typed, "%m/%d/%Y").date(), " ".join(name.split())[:_LONGEST_NAME]  # noqa: DTZ007 - a day
    except ValueError:
        return None
