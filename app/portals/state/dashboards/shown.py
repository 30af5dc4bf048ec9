"""A figure as its page, its table and its file show it: all three from one table."""

from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from app.domain.accounts.access import Permission
from app.domain.reporting.names import names_of, source_of_populations
from app.domain.reporting.readers import READERS
from app.domain.reporting.tables import Asked, Figures
from app.portals.state.dashboards.pages import FigurePage
from app.web.context import actor, db
from app.web.figure_charts import bar_chart, day_chart, map_chart
from app.web.figure_table import Table, every_day, table_of


@dataclass(frozen=True, slots=True)
class Shown:
    """Figures with their words."""

    page: FigurePage
    figures: Figures
    table: Table

    @property
    def has_shares(self) -> bool:
        """They depend on how many people live where."""
        return "population" in self.figures.measures


def about_populations() -> dict[str, Any]:
    """For pages with shares: whose populations they go by, and whether the reader may replace them."""
    return {
        "source": source_of_populations(db()), "may_change": actor().may(Permission.CHANGE_SETTINGS, at=None)
    }  # fmt: skip


def read(page: FigurePage, asked: Asked) -> Shown:
    """Read what was asked for, with names for its vaccines and locations."""
    figures = READERS[page.name](db(), actor(), asked)
    table = table_of(figures, names_of(db(), figures))
    if figures.dimensions[0] == "day":
        table = every_day(table, asked)
    return Shown(page, figures, table)


def chart_of(shown: Shown, name: str = "chart") -> Any:
    """Lines, bars or the map, as the page says; None where there is nothing to draw."""
    page, table = shown.page, shown.table
    if not table.lines or not table.columns:
        return None
    title = str(page.title)
    if page.chart == "map":
        return map_chart(name, title, table, page.drawn[0], missing=_("not known"), link=county_url)
    if page.chart == "days":
        return day_chart(name, title, table)
    return bar_chart(name, title, table, page.drawn, stacked=page.chart == "stacked", left_out=page.left_out)


def county_url(fips: str) -> str:
    """The page of a county."""
    return url_for("state.county_figures", fips=fips)
