"""Which figures have a page: what each is called and says of itself, how it is drawn, and what may be chosen on it."""

from dataclasses import dataclass
from typing import Any

from flask import abort
from flask_babel import lazy_gettext as _l

DATES, COUNTY, BY, DIMENSION = "dates", "county", "by", "dimension"


@dataclass(frozen=True, slots=True)
class FigurePage:
    """`chart`: days, bars, stacked or map; `drawn` names the measures in it, all when empty,
    and `left_out` the rows that are not; `choices` are those above."""

    name: str
    title: Any
    about: Any
    chart: str
    drawn: tuple[str, ...] = ()
    choices: frozenset[str] = frozenset()
    left_out: tuple[str, ...] = ()

    @property
    def slug(self) -> str:
        """How the page is called in addresses and files."""
        return self.name.replace("_", "-")


_SHARES = ("share_at_least_one", "share_complete")
_PAGES = (
    FigurePage(
        "doses_by_day", _l("Doses by day"), _l("Doses that locations of the program gave, by the day they were given."),
        "days", (), frozenset({DATES, COUNTY, BY}),
    ),
    FigurePage(
        "people_by_county", _l("People by county"),
        _l("People with at least one dose and fully vaccinated, of all who live in each county."),
        "map", ("share_at_least_one",),
    ),
    FigurePage(
        "people_by_group", _l("People by group"),
        _l("People with at least one dose and fully vaccinated, of all who live there, by what they told us."),
        "bars", _SHARES, frozenset({COUNTY, DIMENSION}),
    ),
    FigurePage(
        "inventory_on_hand", _l("Vaccine on hand"),
        _l("Doses on the shelves of all locations: those that may be given, those set aside, and those expired."),
        "stacked", ("doses", "set_aside", "expired"), frozenset({COUNTY}),
    ),
    FigurePage(
        "expiring_by_week", _l("Vaccine that expires"), _l("Doses on hand by the week in which they expire."), "bars",
        ("doses",), frozenset({COUNTY}),
    ),
    FigurePage(
        "wasted_by_reason", _l("Doses wasted"), _l("Doses that left the shelf without being given, by reason."), "bars",
        ("doses",), frozenset({DATES, COUNTY}),
    ),
    FigurePage(
        "entry_lag_by_location", _l("How late doses are entered"),
        _l("Doses of this week and the four before, location by location. The state asks for entry within 24 hours."),
        "bars", ("doses", "late"), frozenset({COUNTY}),
    ),
    FigurePage(
        "upload_funnel", _l("Uploads"), _l("What became of the rows that employers and clinics sent."), "bars", (),
        frozenset({DATES}), ("sent", "settled_files"),
    ),
    FigurePage(
        "registration_funnel", _l("How far people came"), _l("From their first entry to their last dose, up to now."),
        "bars", (), frozenset({COUNTY}),
    ),
    FigurePage(
        "enrollment_times", _l("Enrollment of practices"), _l("How many days practices and the state take for each step."),
        "bars", ("median_days", "longest_days"), frozenset({DATES}),
    ),
)  # fmt: skip
PAGES = {page.slug: page for page in _PAGES}


def page_of(slug: str) -> FigurePage:
    """The page of an address, or 404."""
    return PAGES.get(slug) or abort(404)
