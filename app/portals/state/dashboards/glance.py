"""The program at a glance: a few numbers and three charts."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import gettext as _

from app.domain.reporting.readers import READERS
from app.domain.reporting.tables import Figures, Value
from app.portals.state.dashboards.asked import usual
from app.portals.state.dashboards.pages import PAGES
from app.portals.state.dashboards.shown import Shown, county_url, read
from app.web.charts import Bars, Lines
from app.web.context import actor, db
from app.web.county_map import CountyMap
from app.web.figure_charts import bar_chart, day_chart, map_chart
from app.web.figure_words import COUNT, SHARE, digits_for, written

WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Glance:
    """`stats` are (number, words, note)."""

    stats: list[tuple[str, str, str]]
    days: Lines
    counties: CountyMap
    groups: Bars
    as_of: datetime | None


def look() -> Glance:
    """Read the figures and draw them."""
    asked = usual()
    days, counties, groups = (
        read(PAGES[slug], asked) for slug in ("doses-by-day", "people-by-county", "people-by-group")
    )
    stock = READERS["inventory_on_hand"](db(), actor(), asked)
    return Glance(
        stats=[_week(days), *_people(counties), _stock(stock)],
        days=day_chart("days", _("Doses by day"), days.table),
        counties=map_chart(
            "counties", _("People with at least one dose, by county"), counties.table, "share_at_least_one",
            missing=_("not known"), link=county_url,
        ),
        groups=bar_chart(
            "groups", _("People vaccinated, by age"), groups.table, ("share_at_least_one", "share_complete")
        ),
        as_of=counties.figures.as_of,
    )  # fmt: skip


def _week(days: Shown) -> tuple[str, str, str]:
    doses = sum(_number(value) for line in days.table.lines[-WEEK.days :] for value in line.values)
    return written(doses, COUNT), _("doses within a week"), ""


def _people(counties: Shown) -> list[tuple[str, str, str]]:
    everybody = _sum(counties, "population")
    stats = []
    for measure, words in (("at_least_one", _("people with at least one dose")), ("complete", _("fully vaccinated"))):
        people = _sum(counties, measure)
        share = min(people / everybody, 1.0) if everybody else 0.0
        note = _("%(share)s of all", share=written(share, SHARE, digits_for(share))) if everybody else ""
        stats.append((written(people, COUNT), words, note))
    return stats


def _stock(stock: Figures) -> tuple[str, str, str]:
    return written(sum(map(_number, stock.column("doses"))), COUNT), _("doses on hand"), ""


def _sum(shown: Shown, measure: str) -> float:
    return sum(_number(value) for value in shown.figures.column(measure))


def _number(value: Value) -> float:
    return value if isinstance(value, int | float) else 0
