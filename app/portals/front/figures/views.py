"""The program in figures for everybody: small groups are not shown, whoever asks."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from flask import Response, abort, url_for
from flask_babel import gettext as _

from app.documents.workbooks import CSV_TYPE
from app.documents.workbooks.figures import figures_csv
from app.domain.program.counties import COUNTIES, county_by_fips
from app.domain.reporting.groups import DIMENSIONS
from app.domain.reporting.names import names_of, source_of_populations
from app.domain.reporting.tables import STATE, Asked, Figures
from app.portals.front.figures.kept import has_message, kept_figures, marked, of_place, unchanged
from app.portals.front.portal import portal
from app.web.answers import download, show
from app.web.charts import Bars, Lines
from app.web.context import db, now, settings, today
from app.web.figure_charts import bar_chart, day_chart, map_chart
from app.web.figure_table import Table, every_day, table_of
from app.web.figure_words import county_name, dimension_name
from app.web.portal import PUBLIC

_DAYS = 90
_SHARES = ("share_at_least_one", "share_complete")


@portal.page("/figures", needs=PUBLIC)
def figures() -> Response:
    """The state: how many, where, day by day and by group."""
    if same := unchanged():
        return same
    found = kept_figures()
    counties = map_chart(
        "counties", _("People with at least one dose, by county"), table_of(found["people_by_county"], {}),
        _SHARES[0], missing=_("not known"), link=lambda fips: url_for("front.figures_of_county", fips=fips),
    )  # fmt: skip
    return _page(
        "front/figures/state.html", stats=_stats(found["totals"]), counties=counties, days=_days(found["doses_by_day"]),
        charts=_charts(found, STATE), as_of=found["totals"].as_of,
    )  # fmt: skip


@portal.page("/figures/counties", needs=PUBLIC)
def figures_by_county() -> Response:
    """Every county in a table."""
    if same := unchanged():
        return same
    found = kept_figures()["people_by_county"]
    return _page("front/figures/counties.html", table=table_of(found, {}), as_of=found.as_of, county=county_by_fips)


@portal.page("/figures/groups", needs=PUBLIC)
def figures_by_group() -> Response:
    """The groups of the whole state, in tables."""
    return _groups(STATE)


@portal.page("/figures/counties/<fips>", needs=PUBLIC)
def figures_of_county(fips: str) -> Response:
    """The groups of a county, in charts and tables."""
    return _groups(fips) if county_by_fips(fips) else abort(404)


@portal.page("/figures/<name>.csv", needs=PUBLIC)
def figures_file(name: str) -> Response:
    """One figure whole, for whoever wants to reckon with it."""
    found = kept_figures().get(name.replace("-", "_")) or abort(404)
    table = table_of(found, names_of(db(), found))
    data = figures_csv(table.file_columns(), table.file_rows())
    return marked(download(data, f"{name}-{today().isoformat()}.csv", CSV_TYPE), shared=True)


def _groups(fips: str) -> Response:
    if same := unchanged():
        return same
    found = kept_figures()
    tables = [(one, dimension_name(one), _table(found, one, fips)) for one in DIMENSIONS]
    everybody = next(row for row in found["people_by_age_group"].rows if row.keys == (fips, "all"))
    totals = Figures("totals", (), found["people_by_age_group"].measures, (replace(everybody, keys=()),), None)
    return _page(
        "front/figures/groups.html", county=county_by_fips(fips), name=county_name(fips), tables=tables,
        stats=_stats(totals), charts=_charts(found, fips) if fips != STATE else [], as_of=found["totals"].as_of,
    )  # fmt: skip


def _page(template: str, **parts: Any) -> Response:
    sample = source_of_populations(db()) is None
    links = [
        (_("Counties"), "people-by-county"), (_("Doses by day"), "doses-by-day"),
        (_("Doses by day and vaccine"), "doses-by-day-and-product"),
        *((_("Counties by group: %(group)s", group=dimension_name(one)), f"people_by_{one}".replace("_", "-")) for one in DIMENSIONS),
    ]  # fmt: skip
    files = [(text, url_for("front.figures_file", name=name)) for text, name in links]
    for_once = has_message()
    response = show(template, sample=sample, files=files, how_many=len(COUNTIES.entries), **parts)
    return response if for_once else marked(response, shared=False)


def _stats(totals: Figures) -> list[tuple[str, str, str]]:
    """Numbers to glance at: (number, words, note)."""
    table = table_of(totals, {})
    said = dict(zip((column.code for column in table.columns), table.said(table.lines[0]), strict=True))
    words = {"at_least_one": _("people with at least one dose"), "complete": _("people fully vaccinated")}
    of_all = [
        (said[one], text, _("%(share)s of all who live here", share=said[f"share_{one}"])) for one, text in words.items()
    ]
    return [*([(said["doses"], _("doses given"), "")] if "doses" in said else []), *of_all]


def _days(figures: Figures) -> Lines:
    since = today() - timedelta(days=_DAYS - 1)
    asked = Asked(now=now(), zone=settings().zone, today=today(), since=since, until=today())
    table = every_day(table_of(figures, {}), asked)
    return day_chart("days", _("Doses by day"), table)


def _charts(found: dict[str, Figures], fips: str) -> list[Bars]:
    return [bar_chart(one, dimension_name(one), _table(found, one, fips), _SHARES) for one in DIMENSIONS]


def _table(found: dict[str, Figures], dimension: str, fips: str) -> Table:
    return table_of(of_place(found[f"people_by_{dimension}"], fips), {})
