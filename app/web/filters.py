"""How dates, moments and numbers are written on pages. Moments are shown in the program's zone."""

import re
from datetime import date, datetime, time

from babel.dates import format_date, format_time, get_day_names
from babel.numbers import format_decimal, format_percent
from flask import Flask

from app.web import context
from app.web.browsers import browser_words
from app.web.languages import written

_TIME = re.compile(r"([01]\d|2[0-3]):([0-5]\d)", re.ASCII)


def install(app: Flask) -> None:
    """Add the filters to the templates."""
    app.jinja_env.filters.update(day=day, moment=moment, clock=clock, phone=phone, whole=whole, per_cent=per_cent)
    app.jinja_env.filters.update(clock_time=clock_time, weekday=weekday, file_size=file_size, browser=browser_words)


def day(value: date | datetime | None) -> str:
    """Mar 10, 2021."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        value = value.astimezone(context.settings().zone).date()
    return format_date(value, "medium", locale=written())


def moment(value: datetime | None) -> str:
    """Mar 10, 2021, 10:00 AM, in the program's zone."""
    if value is None:
        return ""
    local = value.astimezone(context.settings().zone)
    return f"{day(value)}, {format_time(local, 'short', locale=written())}".replace("\u202f", " ")


def clock(value: datetime | None) -> str:
    """10:00 AM, in the program's zone."""
    if value is None:
        return ""
    local = value.astimezone(context.settings().zone)
    return format_time(local, "short", locale=written()).replace("\u202f", " ")


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


def whole(number: float) -> str:
    """1,234."""
    return f"{round(number):,}"


def per_cent(share: float, digits: int = 0) -> str:
    """61% from 0.61, as the page's language writes it."""
    return format_percent(share, f"#,##0.{'0' * digits}%" if digits else "#,##0%", locale=written())


def decimal(number: float) -> str:
    """2.4, as the page's language writes it; whole numbers without a fraction."""
    return format_decimal(number, "#,##0.#", locale=written())


def clock_time(value: time) -> str:
    """7:00 AM, for a time of no particular day."""
    return format_time(value, "short", locale=written()).replace("\u202f", " ")


def weekday(number: int) -> str:
    """The name of a day of the week; 0 is Monday."""
    return get_day_names("wide", locale=written())[number]


def file_size(octets: int) -> str:
    """12 KB, 3.4 MB."""
    if octets < 1_000_000:
        return f"{max(1, round(octets / 1000))} KB"
    return f"{octets / 1_000_000:.1f} MB"
