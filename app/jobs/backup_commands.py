"""`flask --app wsgi cvms backup` and `… restore`: the database and the files as one folder, without the keys."""

from pathlib import Path

import click
from flask import current_app

from app.infra import backup as backups
from app.infra import clock, migrations
from app.web.context import Machines

_FOLDER = click.Path(file_okay=False, path_type=Path)


def _machines() -> Machines:
    found: Machines = current_app.extensions["cvms"]
    return found


@click.command("backup")
@click.argument("folder", type=_FOLDER)
def backup(folder: Path) -> None:
    """Make FOLDER: the database and all files as of now, while everything runs. The keys are not in it."""
    parts = _machines()
    try:
        made = backups.take(parts.database, parts.settings.storage_dir, folder.resolve(), now=clock.now())
    except backups.BadBackup as error:
        raise click.ClickException(str(error)) from error
    size = sum(size for size, _digest in made.entries.values())
    click.echo(f"{folder}: the database and {len(made.entries) - 1:,} files, {size / 1e6:,.1f} MB. The keys are not in it.")


@click.command("restore")
@click.argument("folder", type=_FOLDER)
@click.option("--replace", is_flag=True, help="What is in this installation may go.")
def restore(folder: Path, replace: bool) -> None:
    """Put the backup in FOLDER back. Stop web, worker and inbound mail first."""
    parts = _machines()
    try:
        found = backups.restore(parts.database, parts.settings.storage_dir, folder.resolve(), replace=replace)
    except backups.BadBackup as error:
        raise click.ClickException(f"{error} Nothing was restored.") from error
    click.echo(f"Restored: the database and {len(found.entries) - 1:,} files as of {found.taken_at}.")
    if found.revision != migrations.head():
        click.echo("The backup is of an earlier version: run cvms migrate before you start anything.")
