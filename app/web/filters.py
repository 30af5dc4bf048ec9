"""How dates, moments and numbers are written on pages. Moments are shown in the program's zone."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime, format_time
from flask import Flask
from flask_babel import get_locale


def install(app: Flask, zone: ZoneInfo) -> None:
    """Add the filters day, moment, clock, phone and whole to the templates."""

    def day(value: date | datetime | None) -> str:
        if value is None:
            return ""
        if isinstance(value, datetime):
            value = value.astimezone(zone).date()
        return format_date(value, "medium", locale=get_locale() or "en")

    def moment(value: datetime | None) -> str:
        if value is None:
            return ""
        return format_datetime(value.astimezone(zone), "medium", locale=get_locale() or "en").replace("\u202f", " ")

    def clock(value: datetime | None) -> str:
        if value is None:
            return ""
        return format_time(value.astimezone(zone), "short", locale=get_locale() or "en").replace("\u202f", " ")

    app.jinja_env.filters.update(day=day, moment=moment, clock=clock, phone=phone, whole=whole)


def phone(digits: str | None) -> str:
    """(919) 555-0100 from ten digits; anything else as it is."""
    if not digits or len(digits) != 10:
        return digits or ""
    return f"({digits[:3]}) {digits[3:6]}-{digits[6:]}"


def whole(number: int) -> str:
    """1,234."""
    return f"{number:,}"
