"""What an operator types about figures: `flask --app wsgi cvms figures …` and `cvms populations …`."""

import csv
import sys
from pathlib import Path

import click
from flask.cli import AppGroup, with_appcontext

from app.domain.accounts.access import system
from app.domain.reporting.population_rows import COLUMNS, numbers_of, population_lines, read_population_file
from app.domain.reporting.populations import (
    PopulationsIncomplete,
    ReplacePopulations,
    read_populations,
    replace_populations,
)
from app.domain.reporting.refresh import count_everybody_anew, progress, refresh
from app.infra import clock
from app.infra.spreadsheet import UnreadableFile
from app.web.context import machines

figures = AppGroup("figures", help="The counters behind the dashboards.")
_MOST_TOLD = 20


@figures.command("rebuild")
def rebuild() -> None:
    """Count everybody anew, beside the figures that are shown; they are replaced at the end."""
    database = machines().database
    with database.transaction() as session:
        count_everybody_anew(session, now=clock.now())
    _count()


@figures.command("refresh")
def bring_up_to_date() -> None:
    """Count whoever is due now, instead of waiting for the worker."""
    _count()


@click.command("populations")
@click.argument("file", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--source", default="", help="Whose numbers these are, as the pages say it: “Census 2020, P1”.")
@click.option("--never-published", is_flag=True, help="Nobody outside saw figures yet: hide no more than is needed.")
@with_appcontext
def populations(file: Path | None, source: str, never_published: bool) -> None:
    """Have the populations of FILE (.xlsx or .csv) hold from now on; without FILE write those that hold as CSV."""
    if file is None:
        _write()
        return
    try:
        rows = read_population_file(file.read_bytes(), filename=file.name)
    except UnreadableFile as error:
        raise click.ClickException(str(error)) from error
    mistakes = [mistake for row in rows for mistake in row.mistakes]
    if mistakes:
        told = "\n".join(f"  {one.address} {one.column}: {one.message}" for one in mistakes[:_MOST_TOLD])
        raise click.ClickException(f"Nothing was changed. {len(mistakes):,} cells cannot be read:\n{told}")
    command = ReplacePopulations(numbers_of(rows), source, never_published)
    try:
        with machines().database.transaction() as session:
            made = replace_populations(session, system("populations"), command, now=clock.now())
    except PopulationsIncomplete as error:
        raise click.ClickException(f"Nothing was changed. {_incomplete(error)}") from error
    click.echo(f"{len(rows):,} numbers hold from now on. {len(made.hidden):,} groups are not shown to the public.")


def _count() -> None:
    database, more = machines().database, True
    while more:
        more = refresh(database, now=clock.now(), at_most=100).more
        with database.reading() as session:
            waiting, built = progress(session)
        if more:
            click.echo(f"{built:,} people counted anew, {waiting:,} changes wait …")
    click.echo("The figures are up to date.")


def _write() -> None:
    with machines().database.reading() as session:
        held = read_populations(session)
    click.echo(held.source, err=True)
    lines = csv.writer(sys.stdout)
    lines.writerow([column.header for column in COLUMNS])
    lines.writerows(population_lines(held))


def _incomplete(error: PopulationsIncomplete) -> str:
    if error.missing:
        told = "\n".join(f"  {' '.join(key)}" for key in error.missing[:_MOST_TOLD])
        return f"{len(error.missing):,} numbers are missing:\n{told}"
    if error.sums:
        told = "\n".join(f"  {county} by {dimension}" for county, dimension in error.sums[:_MOST_TOLD])
        return f"Groups do not add up to all people of the county:\n{told}"
    return "Say with --source whose numbers these are, in up to 200 characters."
