"""One county: its people by group, its doses by day."""

from dataclasses import replace

from flask import Response, abort
from flask_babel import gettext as _

from app.domain.accounts.access import Permission
from app.domain.program.counties import county_by_fips
from app.domain.reporting.county import EVERYBODY, people_of_county
from app.domain.reporting.tables import Figures
from app.portals.state.dashboards.asked import usual
from app.portals.state.dashboards.pages import PAGES
from app.portals.state.dashboards.shown import about_populations, read
from app.portals.state.portal import portal
from app.web.answers import show
from app.web.context import actor, db
from app.web.figure_charts import bar_chart, day_chart
from app.web.figure_table import table_of
from app.web.figure_words import dimension_name

_SHARES = ("share_at_least_one", "share_complete")


@portal.page("/figures/counties/<fips>", needs=Permission.VIEW_FIGURES)
def county_figures(fips: str) -> Response:
    """What is known of one county."""
    county = county_by_fips(fips) or abort(404)
    days = read(PAGES["doses-by-day"], replace(usual(), county=county.fips))
    people = people_of_county(db(), actor(), county.fips)
    stats = _stats(people.pop(EVERYBODY))
    charts = [(name, bar_chart(name, dimension_name(name), table_of(one, {}), _SHARES)) for name, one in people.items()]
    return show(
        "state/dashboards/county.html", county=county, stats=stats, as_of=days.figures.as_of, charts=charts,
        days=day_chart("days", _("Doses by day"), days.table), **about_populations(),
    )  # fmt: skip


def _stats(everybody: Figures) -> list[tuple[str, str, str]]:
    table = table_of(everybody, {})
    said = dict(zip((column.code for column in table.columns), table.said(table.lines[0]), strict=True))
    return [
        (said["at_least_one"], _("people with at least one dose"), said["share_at_least_one"]),
        (said["complete"], _("fully vaccinated"), said["share_complete"]),
        (said["population"], _("people live here"), ""),
    ]
