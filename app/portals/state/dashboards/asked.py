"""What the choices above a figure ask for. They are read from the address, so that a page can be sent to somebody."""

from dataclasses import dataclass
from datetime import date, timedelta

from flask import request
from flask_babel import gettext as _

from app.domain.program.counties import COUNTIES, county_by_fips
from app.domain.reporting.groups import DIMENSIONS
from app.domain.reporting.tables import Asked
from app.portals.state.dashboards.pages import BY, COUNTY, DATES, DIMENSION, FigurePage
from app.web.context import now, settings, today
from app.web.figure_words import county_name, dimension_name
from app.web.filters import day

USUAL_DAYS = 90
MOST_DAYS = 1_100
SPLITS = ("product", "dose_number")


@dataclass(frozen=True, slots=True)
class Choice:
    """What was chosen, and in `wrong` why a part of it could not be followed."""

    asked: Asked
    wrong: str
    arguments: dict[str, str]
    """As they stand in the address, for links to the same choice."""
    words: list[tuple[str, str]]
    """As people read it: (what, which)."""


def usual() -> Asked:
    """The latest days, of the whole state."""
    return Asked(now=now(), zone=settings().zone, today=today(), since=_first_usual(), until=today())


def choice_of(page: FigurePage) -> Choice:
    """Read the choices that this page offers; others are left alone."""
    arguments: dict[str, str] = {}
    words: list[tuple[str, str]] = []
    wrong = ""
    since, until = _first_usual(), today()
    if DATES in page.choices:
        since, until, wrong = _dates()
        words.append((_("From"), day(since)))
        words.append((_("To"), day(until)))
        arguments |= {"since": since.isoformat(), "until": until.isoformat()}
    county = county_by_fips(request.args.get("county", "")) if COUNTY in page.choices else None
    if COUNTY in page.choices:
        words.append((dimension_name("county"), county_name(county.fips if county else "37")))
        arguments |= {"county": county.fips} if county else {}
    by = request.args.get("by", "") if BY in page.choices else ""
    if by in SPLITS:
        arguments["by"] = by
    dimension = request.args.get("dimension", "") if DIMENSION in page.choices else ""
    dimension = dimension if dimension in DIMENSIONS else "age_group"
    if DIMENSION in page.choices:
        arguments["dimension"] = dimension
        words.append((_("By"), dimension_name(dimension)))
    asked = Asked(
        now=now(), zone=settings().zone, today=today(), since=since, until=until, county=county.fips if county else None,
        by=by if by in SPLITS else None, dimension=dimension,
    )  # fmt: skip
    return Choice(asked, wrong, arguments, words)


def choices_of(page: FigurePage) -> dict[str, list[tuple[str, str]]]:
    """(value, words) of each list above a figure, by the name of its field."""
    offered: dict[str, list[tuple[str, str]]] = {}
    if COUNTY in page.choices:
        offered[COUNTY] = [("", county_name("37")), *((one.fips, one.name) for one in COUNTIES.entries)]
    if BY in page.choices:
        offered[BY] = [("", _("All together")), *((one, dimension_name(one)) for one in SPLITS)]
    if DIMENSION in page.choices:
        offered[DIMENSION] = [(one, dimension_name(one)) for one in DIMENSIONS]
    return offered


def _first_usual() -> date:
    return today() - timedelta(days=USUAL_DAYS - 1)


def _dates() -> tuple[date, date, str]:
    """The days asked for; where they make no sense the usual ones, and what to do."""
    try:
        since = date.fromisoformat(request.args.get("since") or _first_usual().isoformat())
        until = date.fromisoformat(request.args.get("until") or today().isoformat())
    except ValueError:
        return _first_usual(), today(), _("Write both days as month, day and year. The latest 90 days are shown.")
    if since > until:
        return _first_usual(), today(), _("The first day is after the last. The latest 90 days are shown.")
    if (until - since).days > MOST_DAYS or until.year > today().year + 1 or since.year < 2020:
        return _first_usual(), today(), _("Choose days since 2020, at most three years. The latest 90 days are shown.")
    return since, until, ""
