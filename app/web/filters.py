"""How dates, moments and numbers are written on pages. Moments are shown in the program's zone."""

import re
from datetime import date, datetime, time

from babel.dates import format_date, format_time
from flask import Flask
from flask_babel import get_locale

from app.web import context

_TIME = re.compile(r"([01]\d|2[0-3]):([0-5]\d)", re.ASCII)


def install(app: Flask) -> None:
    """Add the filters to the templates."""
    app.jinja_env.filters.update(day=day, moment=moment, clock=clock, phone=phone, whole=whole)


def day(value: date | datetime | None) -> str:
    """Mar 10, 2021."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        value = value.astimezone(context.settings().zone).date()
    return format_date(value, "medium", locale=get_locale() or "en")


def moment(value: datetime | None) -> str:
    """Mar 10, 2021, 10:00 AM, in the program's zone."""
    if value is None:
        return ""
    local = value.astimezone(context.settings().zone)
    return f"{day(value)}, {format_time(local, 'short', locale=get_locale() or 'en')}".replace("\u202f", " ")


def clock(value: datetime | None) -> str:
    """10:00 AM, in the program's zone."""
    if value is None:
        return ""
    local = value.astimezone(context.settings().zone)
    return format_time(local, "short", locale=get_locale() or "en").replace("\u202f", " ")


def phone(digits: str | None) -> str:
    """(919) 555-0100 from ten digits; anything else as it is."""
    if not digits or len(digits) != 10:
        return digits or ""
    return f"({digits[:3]}) {digits[3:6]}-{digits[6:]}"


def hours(kept: str | None) -> str:
    """8:00 AM - 12:00 PM from 08:00-12:00; anything else as it is."""
    times = [_TIME.fullmatch(part) for part in (kept or "").split("-")]
    if len(times) != 2 or not all(times):
        return kept or ""
    # Always as they are typed: what a form shows is read again when it comes back.
    clocks = [format_time(time(int(one[1]), int(one[2])), "short", locale="en") for one in times if one]
    return " - ".join(clocks).replace("\u202f", " ").replace("\xa0", " ")


def whole(number: int) -> str:
    """1,234."""
    return f"{number:,}"
