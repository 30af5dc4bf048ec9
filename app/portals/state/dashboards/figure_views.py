"""The program in figures: at a glance, one figure with its chart and table, the table alone, and files of it."""

from typing import Any

from flask import Response, abort, request, url_for
from flask_babel import gettext as _

from app.documents.workbooks import CSV_TYPE, XLSX_TYPE
from app.documents.workbooks.figures import figures_csv, figures_workbook
from app.domain.accounts.access import Permission
from app.portals.state.dashboards import glance
from app.portals.state.dashboards.asked import Choice, choice_of, choices_of
from app.portals.state.dashboards.pages import PAGES, page_of
from app.portals.state.dashboards.shown import Shown, about_populations, chart_of, county_url, read
from app.portals.state.portal import portal
from app.web.answers import download, show
from app.web.context import today
from app.web.filters import moment

_VIEW = Permission.VIEW_FIGURES
ON_PAGE = 25
"""A longer table is on pages of its own, as long as ON_TABLE_PAGE."""
ON_TABLE_PAGE = 50


@portal.page("/figures", needs=_VIEW)
def figures() -> Response:
    """The program at a glance, and the way to every figure."""
    return show("state/dashboards/glance.html", glance=glance.look(), pages=PAGES.values(), **about_populations())


@portal.page("/figures/<slug>", needs=_VIEW)
def figure_page(slug: str) -> Response:
    """One figure: what may be chosen, its chart, and its table where that is short."""
    page = page_of(slug)
    choice = choice_of(page)
    shown = read(page, choice.asked)
    short = len(shown.table.lines) <= ON_PAGE
    return show(
        "state/dashboards/figure.html", page=page, choice=choice, choices=choices_of(page), shown=shown,
        chart=chart_of(shown), lines=shown.table.lines if short else None, county_url=county_url,
        **(about_populations() if shown.has_shares else {}),
    )  # fmt: skip


@portal.page("/figures/<slug>/table", needs=_VIEW)
def figure_table(slug: str) -> Response:
    """The table alone, some rows at a time."""
    page = page_of(slug)
    choice = choice_of(page)
    shown = read(page, choice.asked)
    arguments: dict[str, Any] = {**choice.arguments}
    last = max(0, (len(shown.table.lines) - 1) // ON_TABLE_PAGE)
    number = min(_number("page"), last)
    urls = [
        url_for("state.figure_table", slug=slug, page=other, **arguments) if 0 <= other <= last else None
        for other in (number - 1, number + 1)
    ]
    return show(
        "state/dashboards/table.html", page=page, choice=choice, shown=shown, urls=urls, county_url=county_url,
        lines=shown.table.lines[number * ON_TABLE_PAGE : (number + 1) * ON_TABLE_PAGE], first=number * ON_TABLE_PAGE,
    )  # fmt: skip


@portal.page("/figures/<slug>/file.<any(csv, xlsx):kind>", needs=_VIEW)
def figure_file(slug: str, kind: str) -> Response:
    """The whole table as a file, named with today's date."""
    page = page_of(slug)
    choice = choice_of(page)
    shown = read(page, choice.asked)
    name = f"{page.slug}-{today().isoformat()}.{kind}"
    columns, rows = shown.table.file_columns(), shown.table.file_rows()
    if kind == "csv":
        return download(figures_csv(columns, rows), name, CSV_TYPE)
    about = _about(shown, choice)
    return download(
        figures_workbook(str(page.title), columns, rows, about=about, about_name=_("About")), name, XLSX_TYPE
    )


def _about(shown: Shown, choice: Choice) -> list[tuple[str, str]]:
    """What the file says of itself on a sheet of its own."""
    said = [
        (_("Figures"), str(shown.page.title)), (_("About"), str(shown.page.about)), *choice.words,
        (_("As of"), moment(shown.figures.as_of) or "–"),
    ]  # fmt: skip
    if shown.has_shares:
        source = about_populations()["source"]
        said.append((_("Populations"), source or _("A SAMPLE, not for publication")))
    return said


def _number(name: str) -> int:
    text = request.args.get(name, "0")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else abort(404)
