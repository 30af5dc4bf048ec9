"""Populations: whose they are, the table to take along, and another table brought in by workbook."""

from dataclasses import dataclass

from flask import Response, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, StringField
from wtforms.validators import DataRequired, Length

from app.documents.workbooks import XLSX_TYPE
from app.documents.workbooks.tables import table_workbook
from app.domain.accounts.access import Permission
from app.domain.reporting.population_rows import (
    COLUMNS,
    DIMENSION_WORDS,
    MOST_ROWS,
    SHEET_NAME,
    numbers_of,
    population_lines,
    read_population_file,
)
from app.domain.reporting.populations import (
    LONGEST_SOURCE,
    PopulationsIncomplete,
    ReplacePopulations,
    read_populations,
    replace_populations,
)
from app.domain.reporting.tables import STATE
from app.infra.spreadsheet import UnreadableFile
from app.infra.spreadsheet.read_rows import ReadRow
from app.portals.state.portal import portal
from app.web.answers import done, download, show
from app.web.context import actor, db, now, today
from app.web.figure_words import county_name
from app.web.forms import add_error
from app.web.mending import SHOWN, WorkbookForm, refusal_text

_CHANGE = Permission.CHANGE_SETTINGS
_NAMED = 8


class PopulationForm(WorkbookForm):
    """A table with what it is."""

    source = StringField(
        _l("Where the numbers come from"),
        [
            DataRequired(_l("Write whose numbers these are, and of which year")),
            Length(max=LONGEST_SOURCE, message=_l("Use 200 characters or fewer")),
        ],
        description=_l("Such as: North Carolina State Demographer, July 2020. It is shown with the figures."),
    )
    never_published = BooleanField(
        _l("The figures were never public so far: what was not shown before need not stay so"),
    )


@dataclass(frozen=True, slots=True)
class Outcome:
    """What keeps a file from being taken: rows to mend, groups without a row, groups that are not their county."""

    rows: list[ReadRow]
    missing: list[str]
    sums: list[str]


@portal.action("/figures/populations", needs=_CHANGE)
def populations() -> Response:
    """What holds now; a new table takes its place as a whole or not at all."""
    form, outcome = PopulationForm(), None
    if form.submitted():
        outcome = _bring_in(form)
        if outcome is None and not form.errors:
            return done(url_for("state.populations"), _("The populations are replaced. The figures go by them now."))
    return show(
        "state/dashboards/populations.html", form=form, outcome=outcome, holding=read_populations(db()), state=STATE,
        most=MOST_ROWS, shown=SHOWN,
    )  # fmt: skip


@portal.page("/figures/populations/file.xlsx", needs=_CHANGE)
def populations_file() -> Response:
    """The table that holds, to be looked at, changed, and brought in again."""
    columns = [(column.header, 26) for column in COLUMNS]
    data = table_workbook(SHEET_NAME, columns, population_lines(read_populations(db())))
    return download(data, f"populations-{today().isoformat()}.xlsx", XLSX_TYPE)


def _bring_in(form: PopulationForm) -> Outcome | None:
    """None when the table was taken; else it is unchanged, and the form or the outcome says why."""
    try:
        rows = read_population_file(form.file.data.read(), filename=form.file.data.filename or "")
    except UnreadableFile as unreadable:
        add_error(form.file, refusal_text(unreadable))
        return None
    mistaken = [row for row in rows if not row.is_good]
    if mistaken:
        add_error(form.file, _("Some rows cannot be used. Mend them in your file, and choose it again."))
        return Outcome(mistaken, [], [])
    command = ReplacePopulations(numbers_of(rows), form.source.data or "", never_published=form.never_published.data)
    try:
        replace_populations(db(), actor(), command, now=now())
    except PopulationsIncomplete as incomplete:
        return _incomplete(form, incomplete)
    return None


def _incomplete(form: PopulationForm, incomplete: PopulationsIncomplete) -> Outcome:
    if incomplete.lacks_source:
        add_error(form.source, _("Write whose numbers these are, and of which year"))
    if incomplete.missing:
        add_error(form.file, _("The table lacks %(n)s rows. Every county needs each group.", n=len(incomplete.missing)))
    if incomplete.sums:
        add_error(form.file, _("In %(n)s places the groups do not add up to the county.", n=len(incomplete.sums)))
    missing = [f"{county_name(fips)}: {_dimension(of)} {group}" for fips, of, group in incomplete.missing[:_NAMED]]
    sums = [f"{county_name(fips)}: {_dimension(of)}" for fips, of in incomplete.sums[:_NAMED]]
    return Outcome([], missing, sums)


def _dimension(code: str) -> str:
    found = DIMENSION_WORDS.by_code(code)
    return found.label if found else code
