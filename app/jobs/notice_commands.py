"""What an operator types to make the program rest: `flask --app wsgi cvms read-only on`."""

import click
from flask.cli import with_appcontext

from app.domain.accounts.access import system
from app.domain.program.notices.read_only import SwitchReadOnly, switch_read_only
from app.infra import clock
from app.web.announcements import SECONDS
from app.web.context import machines


@click.command("read-only")
@click.argument("state", type=click.Choice(["on", "off"]))
@click.option("--because", default="", help="For the history; it is not shown on the pages.")
@with_appcontext
def read_only(state: str, because: str) -> None:
    """Let nothing be changed in any portal (on), or let everything be changed again (off)."""
    with machines().database.transaction() as session:
        switch_read_only(session, system("read-only"), SwitchReadOnly(state == "on", because), now=clock.now())
    what = "Nothing can be changed" if state == "on" else "Changes can be made again"
    click.echo(f"{what}; every web process knows it within {SECONDS:.0f} seconds. Work in the background follows.")
